namespace Carillon.Benchmarks.InProcess.Running;

/// <summary>What is compared with what, and the most that their ratio may be.</summary>
/// <param name="Name">The name of the ratio.</param>
/// <param name="Benchmarks">The class that has both benchmarks.</param>
/// <param name="Ours">The benchmark of Carillon.</param>
/// <param name="Reference">The benchmark of the same work without it.</param>
/// <param name="Limit">The most that ours / reference may be.</param>
internal sealed record InProcessTarget(string Name, Type Benchmarks, string Ours, string Reference, double Limit)
{
    internal static readonly InProcessTarget[] All =
    [
        new("inproc.one", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.One), nameof(DispatchBenchmarks.SlotBusOne), 1.4),
        new("inproc.direct", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.One), nameof(DispatchBenchmarks.DirectCall), 3.0),
        new("inproc.ten", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.Ten), nameof(DispatchBenchmarks.TenDelegates), 0.7),
        new("inproc.none", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.None), nameof(DispatchBenchmarks.SlotBusNone), 2.0),
        new("inproc.middleware", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.OneMiddleware), nameof(DispatchBenchmarks.Pipeline), 1.3),
        new("inproc.async", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.OneAsync), nameof(DispatchBenchmarks.AsyncCall), 1.3),
        new("inproc.scoped", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.Scoped), nameof(DispatchBenchmarks.ResolveAndCall), 1.2),
        new("inproc.object", typeof(DispatchBenchmarks), nameof(DispatchBenchmarks.ByObject), nameof(DispatchBenchmarks.DictionaryByType), 1.3),
        new("inproc.named", typeof(NamedBenchmarks), nameof(NamedBenchmarks.Named), nameof(NamedBenchmarks.FrozenByName), 1.5),
        new("inproc.grown", typeof(NamedBenchmarks), nameof(NamedBenchmarks.OneGrown), nameof(NamedBenchmarks.OneAmongFew), 1.1),
        new("inproc.grown.named", typeof(NamedBenchmarks), nameof(NamedBenchmarks.NamedGrown), nameof(NamedBenchmarks.Named), 1.1),
        new("inproc.threads", typeof(ThreadBenchmarks), nameof(ThreadBenchmarks.FourThreads), nameof(ThreadBenchmarks.SlotBusThreads), 1.5),
    ];
}
