using System.Runtime.CompilerServices;

namespace Carillon.Benchmarks.InProcess.References;

/// <summary>
/// The limit that a dispatcher by type can come near: sealed, its generic method not virtual, the plan found by a static index into an array. No
/// scopes, no dependencies, no replacement of listeners.
/// </summary>
public sealed class SlotBus
{
    private readonly Plan?[] _plans = new Plan?[16];

    /// <summary>Sets the only listener of a type of event.</summary>
    public void Add<TEvent>(IHandler<TEvent> handler) => _plans[Slot<TEvent>.Index] = new Plan<TEvent>(handler);

    /// <summary>Calls it.</summary>
    public ValueTask PublishAsync<TEvent>(TEvent @event) =>
        _plans[Slot<TEvent>.Index] is { } plan ? Unsafe.As<Plan<TEvent>>(plan).InvokeAsync(@event) : ValueTask.CompletedTask;

    private static class Slot
    {
        private static int _last = -1;

        internal static int Next() => Interlocked.Increment(ref _last);
    }

    private static class Slot<TEvent>
    {
        internal static readonly int Index = Slot.Next();
    }

    private abstract class Plan;

    private sealed class Plan<TEvent>(IHandler<TEvent> handler) : Plan
    {
        internal ValueTask InvokeAsync(TEvent @event)
        {
            handler.Handle(@event);
            return ValueTask.CompletedTask;
        }
    }
}
