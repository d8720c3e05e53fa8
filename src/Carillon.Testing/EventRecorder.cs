using Carillon.Testing.Internal;

namespace Carillon.Testing;

/// <summary>Remembers every event that was dispatched and every listener that was called, and keeps listeners from events that a test fakes.</summary>
/// <remarks>
/// <para>
/// Add it with <see cref="TestingCarillonBuilderExtensions.RecordEvents"/> and take it from the services. It stands next to the listeners: an event that a middleware of the application
/// refuses was not dispatched. Events of the host are not recorded.
/// </para>
/// <para>What it has recorded is that of the whole application; <see cref="Begin"/> and the fakes follow the flow of one test.</para>
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class EventRecorder : RecordedEvents
{
    private readonly AsyncLocal<EventRecording?> _recording = new();
    private readonly Fakes _fakes = new();

    /// <summary>
    /// Begins to record what is dispatched from here on in this flow of code: by the caller, by what it awaits and by the tasks that it starts. Two tests that run at once against one
    /// application see each their own.
    /// </summary>
    /// <remarks>
    /// Durable listeners follow where the test drains them itself; those that the worker runs belong to no flow, and are recorded by the recorder alone. Begin it in the test: what a constructor or
    /// an asynchronous set-up method begins need not reach the test. A server that runs its requests in flows of its own has to be told to keep the caller's.
    /// </remarks>
    /// <returns>What is recorded. It ends when it is disposed, and keeps what it has. One inside another records for both.</returns>
    public EventRecording Begin() => _recording.Value = new EventRecording(_recording.Value, Return);

    /// <summary>
    /// From here on no listener is called for events of this type, derived types included, and nothing is stored for one; they are recorded as ever, and all other events are real. In this flow of code,
    /// until it is disposed. Deliveries that are stored already still run.
    /// </summary>
    /// <param name="where">Which of them; null for all.</param>
    public IDisposable Fake<TEvent>(Func<TEvent, bool>? where = null) =>
        _fakes.Begin((@event, _) => (@event is NamedEvent { Payload: { } payload } ? payload : @event) is TEvent found && where?.Invoke(found) != false);

    /// <summary>The same for events of one name, whether emitted by it or of the type that has it.</summary>
    /// <param name="eventName">The name, <c>user.created</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or a pattern.</exception>
    public IDisposable Fake(string eventName)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        if (eventName.AsSpan().ContainsAny('*', '#'))
        {
            throw new ArgumentException(
                $"'{eventName}' is a pattern, and a fake goes by one name: the listeners would run. Fake each name by itself, or by the type: Fake<object>(where).", nameof(eventName));
        }

        return _fakes.Begin((_, name) => name == eventName);
    }

    /// <summary>The same for all events but some: to test one event of a large application and nothing that follows from it.</summary>
    /// <param name="real">The types of the events that stay real, derived types included.</param>
    public IDisposable FakeAllBut(params Type[] real)
    {
        ArgumentNullException.ThrowIfNull(real);
        return _fakes.Begin((@event, _) => !Array.Exists(real, type => type.IsInstanceOfType(@event)));
    }

    /// <summary>Forgets everything that the recorder has seen; recordings that were begun keep what they have.</summary>
    public void Clear() => Records.Clear();

    internal void FakeEverywhere(Type eventType) => _fakes.AddEverywhere(eventType);

    internal bool IsFake(object @event, string eventName) => _fakes.Has(@event, eventName);

    internal void Add(RecordedEvent dispatch)
    {
        Records.Add(dispatch);
        for (var recording = _recording.Value; recording is not null; recording = recording.Outer)
        {
            recording.Add(dispatch);
        }
    }

    internal void Add(RecordedCall call)
    {
        Records.Add(call);
        for (var recording = _recording.Value; recording is not null; recording = recording.Outer)
        {
            recording.Add(call);
        }
    }

    private void Return(EventRecording ended)
    {
        if (_recording.Value == ended)
        {
            _recording.Value = ended.Outer;
        }
    }
}
