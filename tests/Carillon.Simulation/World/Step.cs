using Carillon.Simulation.Processes;

namespace Carillon.Simulation.World;

/// <summary>A place in the code of a process where it waits until the scheduler lets it go on.</summary>
internal sealed class Step(SimulatedProcess process, string name)
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SimulatedProcess Process => process;

    internal string Name => name;

    internal Task Passed => _passed.Task;

    internal void Pass() => _passed.TrySetResult();

    internal void Cancel(CancellationToken cancellationToken) => _passed.TrySetCanceled(cancellationToken);
}
