using System.Runtime.CompilerServices;

namespace Carillon.Dispatch.Internal;

/// <summary>
/// The last net under chains of dispatches: a listener that opens scopes by itself escapes the count of the chain, but the stack ends for everybody.
/// </summary>
/// <remarks>
/// Asked before a container resolves a dispatcher, and with room to spare: near the end of the stack the container goes on in another thread, which can wait for
/// a lock of the first one for ever.
/// </remarks>
internal static class StackMargin
{
    private const int Spare = 64 * 1024;

    /// <summary>What is said where too little of the stack is left to open a scope for further dispatches.</summary>
    internal static EventChainTooDeepException Refuse() =>
        new("The stack is nearly used up while a scope for further dispatches is opened: listeners seem to dispatch, in scopes that they open themselves, events whose "
            + "listeners do the same. End the circle, or dispatch with IEventDispatcherFactory, which counts how deep such a chain is.");

    // The runtime tells only whether its own margin is left, so it is asked from further down. Nothing is written there.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool IsLeft()
    {
        Span<byte> spare = stackalloc byte[Spare];
        return IsLeftBelow(spare);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsLeftBelow(Span<byte> spare) => spare.Length > 0 && RuntimeHelpers.TryEnsureSufficientExecutionStack();
}
