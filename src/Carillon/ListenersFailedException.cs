namespace Carillon;

/// <summary>
/// Listeners of an event that isolates failures, <see cref="EventErrors.Isolate"/>, have thrown. Thrown after every listener has run and durable ones are
/// recorded. The first failure is the inner exception.
/// </summary>
public sealed class ListenersFailedException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="eventName">The name of the event.</param>
    /// <param name="failures">What failed, in the order of the calls; at least one.</param>
    public ListenersFailedException(string eventName, IReadOnlyList<ListenerFailure> failures)
        : base(Describe(eventName, failures), failures[0].Exception)
    {
        EventName = eventName;
        Failures = failures;
    }

    /// <summary>The name of the event.</summary>
    public string EventName { get; }

    /// <summary>What failed, in the order of the calls.</summary>
    public IReadOnlyList<ListenerFailure> Failures { get; }

    private static string Describe(string eventName, IReadOnlyList<ListenerFailure> failures)
    {
        ArgumentOutOfRangeException.ThrowIfZero(failures.Count, nameof(failures));
        var who = failures.Count == 1 ? "A listener" : $"{failures.Count} listeners";
        var what = failures.Select(failure => $" '{failure.ListenerId}': {failure.Exception.GetType().Name}: {MessageOf(failure.Exception)}");
        return $"{who} of '{eventName}' failed; all others have run.{string.Concat(what)}";
    }

    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
#pragma warning disable CA1031 // An exception of the application's own that cannot say what it is.
        catch (Exception unprintable)
#pragma warning restore CA1031
        {
            return $"(its message cannot be had: {unprintable.GetType().Name})";
        }
    }
}
