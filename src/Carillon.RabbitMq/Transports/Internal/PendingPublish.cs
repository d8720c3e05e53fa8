using System.Threading.Tasks.Sources;
using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>A message on its way to the broker, and the promise of what becomes of it. Used again for another one when its caller has the answer.</summary>
/// <threadsafety>Its fields belong to the publisher, under its lock.</threadsafety>
internal sealed class PendingPublish : IValueTaskSource<PublishResult>
{
    private const int MaxIdle = 2048;

    private static readonly Lock IdleGate = new();
    private static readonly Stack<PendingPublish> Idle = new();

    private ManualResetValueTaskSourceCore<PublishResult> _answer = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private ConfirmingPublisher? _publisher;
    private bool _isAbandoned;

    internal string Exchange { get; private set; } = "";

    internal string RoutingKey { get; private set; } = "";

    internal ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>An event of the application; null for a message of the transport's own.</summary>
    internal OutgoingEvent? Event { get; private set; }

    /// <summary>The properties of a message of the transport's own.</summary>
    internal BasicProperties? Properties { get; private set; }

    /// <summary>By what the broker names it when it gives it back.</summary>
    internal string MessageId { get; set; } = "";

    /// <summary>With which priority; null for none.</summary>
    internal byte? Priority { get; private set; }

    internal long Since { get; private set; }

    internal PublishState State { get; set; }

    internal bool IsUnrouted { get; set; }

    /// <summary>Whoever waits has given up while its memory was in use.</summary>
    internal bool IsCancelRequested { get; set; }

    internal CancellationToken Cancellation { get; private set; }

    internal ValueTask<PublishResult> Task => new(this, _answer.Version);

    internal static PendingPublish Of(string exchange, OutgoingEvent outgoing, byte? priority, long now)
    {
        var pending = Rent(exchange, outgoing.EventName, outgoing.Body, outgoing, properties: null, now);
        (pending.MessageId, pending.Priority) = (MessageFault.IdOf(outgoing), priority);
        return pending;
    }

    internal static PendingPublish Of(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, long now)
    {
        var pending = Rent("", queue, body, outgoing: null, properties, now);
        pending.MessageId = properties.MessageId ?? "";
        return pending;
    }

    /// <summary>Listens to the caller's token. Before the publisher knows of the message, so that this is over when it does.</summary>
    internal void Listen(ConfirmingPublisher publisher, CancellationToken cancellationToken)
    {
        (_publisher, Cancellation) = (publisher, cancellationToken);
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static state => ((PendingPublish)state!).Cancel(), this);
        }
    }

    internal void Answer()
    {
        State = PublishState.Done;
        _answer.SetResult(IsUnrouted ? PublishResult.Unrouted : PublishResult.Routed);
    }

    /// <param name="exception">Why it is not confirmed.</param>
    /// <param name="keepsPlace">Whether the publisher still has it: it must not become another one then.</param>
    internal void Fail(Exception exception, bool keepsPlace)
    {
        State = PublishState.Done;
        _isAbandoned |= keepsPlace;
        _answer.SetException(exception);
    }

    PublishResult IValueTaskSource<PublishResult>.GetResult(short token)
    {
        // A callback that is running might meet the next message in here.
        var isFree = !Cancellation.CanBeCanceled || _registration.Unregister();
        try
        {
            return _answer.GetResult(token);
        }
        finally
        {
            if (isFree && !_isAbandoned)
            {
                Clear();
                lock (IdleGate)
                {
                    if (Idle.Count < MaxIdle)
                    {
                        Idle.Push(this);
                    }
                }
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<PublishResult>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<PublishResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private static PendingPublish Rent(string exchange, string routingKey, ReadOnlyMemory<byte> body, OutgoingEvent? outgoing, BasicProperties? properties, long now)
    {
        PendingPublish? pending;
        lock (IdleGate)
        {
            Idle.TryPop(out pending);
        }

        pending ??= new PendingPublish();
        pending.Exchange = exchange;
        pending.RoutingKey = routingKey;
        pending.Body = body;
        pending.Event = outgoing;
        pending.Properties = properties;
        pending.Since = now;
        return pending;
    }

    private void Cancel() => _publisher!.Cancel(this);

    private void Clear()
    {
        _publisher = null;
        _answer.Reset();
        _registration = default;
        Cancellation = default;
        Event = null;
        Properties = null;
        Body = default;
        MessageId = "";
        Priority = null;
        State = PublishState.Waiting;
        IsUnrouted = false;
        IsCancelRequested = false;
    }
}
