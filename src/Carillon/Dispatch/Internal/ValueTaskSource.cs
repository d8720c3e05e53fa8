using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Carillon.Dispatch.Internal;

/// <summary>Finds what is behind a <see cref="ValueTask"/>: whoever forwards to that need not put a delegate of its own between it and the one who waits.</summary>
/// <remarks>
/// The fields are the framework's own affair. A framework that names them otherwise is noticed once, at the first look, and then no source is ever found: forwarding
/// costs a little more, and nothing else changes.
/// </remarks>
internal static class ValueTaskSource
{
    private static readonly bool CanLook = TryLook();

    /// <summary>The source of a task that has one. A task that is behind a <see cref="Task"/> has none.</summary>
    internal static bool TryFind(ref ValueTask task, [NotNullWhen(true)] out IValueTaskSource? source, out short token)
    {
        if (CanLook && Behind(ref task) is IValueTaskSource found)
        {
            source = found;
            token = Token(ref task);
            return true;
        }

        source = null;
        token = 0;
        return false;
    }

    private static bool TryLook()
    {
        var probe = new Probe();
        var task = new ValueTask(probe, 7);
        try
        {
            return Behind(ref task) == probe && Token(ref task) == 7;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_obj")]
    private static extern ref object? Behind(ref ValueTask task);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_token")]
    private static extern ref short Token(ref ValueTask task);

    private sealed class Probe : IValueTaskSource
    {
        public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
        }

        public void GetResult(short token)
        {
        }
    }
}
