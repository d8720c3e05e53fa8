namespace Carillon.Benchmarks.InProcess.Running;

/// <summary>What is compared with what, and the most that their ratio may be.</summary>
/// <param name="Name">The name of the ratio.</param>
/// <param name="Ours">The benchmark of Carillon.</param>
/// <param name="Reference">The benchmark of the same work without it.</param>
/// <param name="Limit">The most that ours / reference may be.</param>
internal sealed record InProcessTarget(string Name, string Ours, string Reference, double Limit)
{
    internal static readonly InProcessTarget[] All =
    [
        new("inproc.one", nameof(DispatchBenchmarks.One), nameof(DispatchBenchmarks.SlotBusOne), 1.4),
        new("inproc.direct", nameof(DispatchBenchmarks.One), nameof(DispatchBenchmarks.DirectCall), 3.0),
        new("inproc.ten", nameof(DispatchBenchmarks.Ten), nameof(DispatchBenchmarks.TenDelegates), 0.7),
        new("inproc.none", nameof(DispatchBenchmarks.None), nameof(DispatchBenchmarks.SlotBusNone), 2.0),
        new("inproc.middleware", nameof(DispatchBenchmarks.OneMiddleware), nameof(DispatchBenchmarks.Pipeline), 1.3),
        new("inproc.async", nameof(DispatchBenchmarks.OneAsync), nameof(DispatchBenchmarks.AsyncCall), 1.3),
        new("inproc.scoped", nameof(DispatchBenchmarks.Scoped), nameof(DispatchBenchmarks.ResolveAndCall), 1.2),
        new("inproc.object", nameof(DispatchBenchmarks.ByObject), nameof(DispatchBenchmarks.DictionaryByType), 1.3),
        new("inproc.named", nameof(NamedBenchmarks.Named), nameof(NamedBenchmarks.FrozenByName), 1.5),
        new("inproc.grown", nameof(NamedBenchmarks.OneGrown), nameof(NamedBenchmarks.OneAmongFew), 1.1),
        new("inproc.grown.named", nameof(NamedBenchmarks.NamedGrown), nameof(NamedBenchmarks.Named), 1.1),
        new("inproc.threads", nameof(ThreadBenchmarks.FourThreads), nameof(ThreadBenchmarks.SlotBusThreads), 1.5),
    ];
}
