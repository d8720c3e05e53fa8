using Carillon.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>One channel of a receiver, until it is closed or lost: what was delivered on it can be acknowledged on it only.</summary>
internal sealed class ReceiverSession : IAsyncBasicConsumer, IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    // What a broker that stands still does not hear it learns when the connection is closed. One that only has much to do answers until then, and nothing comes twice.
    private static readonly TimeSpan PatienceAtStop = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PatienceAtClose = TimeSpan.FromSeconds(5);

    private readonly RabbitReceiver _receiver;
    private readonly TransportParts _parts;
    private readonly IChannel _channel;
    private readonly QueueNames _names;
    private readonly Redelivery _redelivery;
    private readonly Acknowledger _acknowledger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _tag = "";
    private volatile int _inHand;
    private volatile bool _isStopping;
    private volatile bool _isOver;

    internal ReceiverSession(RabbitReceiver receiver, TransportParts parts, IChannel channel, QueueNames names)
    {
        (_receiver, _parts, _channel, _names) = (receiver, parts, channel, names);
        _redelivery = new Redelivery(parts, names, receiver.Kind, receiver.Subscription.Key is null);
        _acknowledger = new Acknowledger(channel, receiver.Prefetch, parts.Time, Fail);
        channel.ChannelShutdownAsync += (_, reason) => End(RabbitFault.Answer(reason));
    }

    public IChannel Channel => _channel;

    internal string Queue => _names.Queue;

    /// <summary>Completes with the reason when nothing will be delivered any more.</summary>
    internal Task<string> Ended => _ended.Task;

    /// <summary>What is not done by now is left to come again.</summary>
    internal CancellationToken Lost => _lost.Token;

    internal async ValueTask ConsumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _channel.BasicQosAsync(0, _receiver.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
            _tag = await _channel.BasicConsumeAsync(_names.Queue, autoAck: false, this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RabbitFault.IsFault(exception, cancellationToken))
        {
            throw RabbitFault.Explain($"receive from '{_names.Queue}'", _parts.Address, exception);
        }
    }

    public Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!_isStopping && !_isOver)
        {
            _receiver.Loops.Post(this, deliveryTag, properties, body);
        }

        return Task.CompletedTask;
    }

    /// <summary>Hands one over, unless this has stopped: then it stays as it is and goes back with the channel.</summary>
    internal Task HandleAsync(ulong number, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        lock (_gate)
        {
            if (_isStopping || _isOver)
            {
                return Task.CompletedTask;
            }

            _inHand++;
        }

        var answer = CallAsync(properties, body);
        if (!answer.IsCompletedSuccessfully)
        {
            return FinishAsync(answer, number, properties, body);
        }

        var outcome = answer.Result;
        return outcome.Action == ReceiveAction.Acknowledge ? AcknowledgeAsync(number) : FinishAsync(new(outcome), number, properties, body);
    }

    /// <summary>What was done on this channel may not be known to the broker: it is given up, and all that was not acknowledged comes again on the next one.</summary>
    internal void Fail(Exception exception) => _ = End(exception.Message);

    /// <summary>Takes nothing new; what is in hand ends and is told to the broker; the rest goes back.</summary>
    internal async Task StopAsync(CancellationToken deadline)
    {
        lock (_gate)
        {
            _isStopping = true;
            TellIfIdle();
        }

        try
        {
            if (_tag.Length > 0)
            {
                using var soon = new CancellationTokenSource(PatienceAtStop, _parts.Time);
                await _channel.BasicCancelAsync(_tag, cancellationToken: soon.Token).ConfigureAwait(false);
            }

            using (deadline.UnsafeRegister(static session => ((ReceiverSession)session!).GiveUp(), this))
            {
                await Task.WhenAny(_idle.Task, _ended.Task).ConfigureAwait(false);
            }

            _isOver = true;
            using var patience = new CancellationTokenSource(PatienceAtStop, _parts.Time);
            await _acknowledger.FlushAsync().WaitAsync(patience.Token).ConfigureAwait(false);
            if (_channel.IsOpen)
            {
                await _channel.BasicNackAsync(0, multiple: true, requeue: true, patience.Token).ConfigureAwait(false);
            }

            if (_receiver.Subscription.Key is null && _channel.IsOpen)
            {
                await _channel.QueueDeleteAsync(_names.Queue, ifUnused: false, ifEmpty: false, cancellationToken: patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (RabbitFault.IsFault(exception, CancellationToken.None))
        {
            // With the channel everything has gone back already, or goes back when it is closed.
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await End("It was closed.").ConfigureAwait(false);
        await _acknowledger.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _channel.DisposeAsync().AsTask().WaitAsync(PatienceAtClose, _parts.Time).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A channel that cannot be closed is closed.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken) => End("The broker has ended the subscription: its queue was deleted, or its node has gone.");

    public Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => Task.CompletedTask;

    private ValueTask<ReceiveOutcome> CallAsync(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        try
        {
            var incoming = new IncomingEvent
            {
                ContentType = properties.ContentType,
                Headers = IncomingHeaders.Read(properties.Headers),
                Body = body,
                Attempt = IncomingHeaders.Attempt(properties.Headers),
            };
            return _receiver.CallAsync(incoming, _lost.Token);
        }
#pragma warning disable CA1031 // What cannot even be read is not carried out, as what cannot be sent on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ValueTask.FromException<ReceiveOutcome>(exception);
        }
    }

    private Task AcknowledgeAsync(ulong number)
    {
        var said = ValueTask.CompletedTask;
        try
        {
            _parts.Instruments.Answered(_names.Queue, "acknowledged");
            said = _isOver ? said : _acknowledger.DoneAsync(number);
        }
        finally
        {
            if (said.IsCompleted)
            {
                Release();
            }
        }

        return said.IsCompleted ? said.AsTask() : WaitAsync(said);

        async Task WaitAsync(ValueTask said)
        {
            try
            {
                await said.ConfigureAwait(false);
            }
            finally
            {
                Release();
            }
        }
    }

    private async Task FinishAsync(ValueTask<ReceiveOutcome> answer, ulong number, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        try
        {
            var outcome = await answer.ConfigureAwait(false);
            // Once it has gone back, what is said of it does not count.
            if (!_isOver)
            {
                await CarryOutAsync(outcome, number, properties, body).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // It has not been carried out, whatever the reason, so the event is not done.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_isOver)
            {
                Log.NotCarriedOut(_parts.Logger, _names.Queue, PauseAfterFault, exception);
                await Task.Delay(PauseAfterFault, _parts.Time, _lost.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await _acknowledger.ReturnAsync(number).ConfigureAwait(false);
            }
        }
        finally
        {
            Release();
        }
    }

    private async ValueTask CarryOutAsync(ReceiveOutcome outcome, ulong number, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        switch (outcome.Action)
        {
            case ReceiveAction.Return:
                await _acknowledger.ReturnAsync(number).ConfigureAwait(false);
                _parts.Instruments.Answered(_names.Queue, "returned");
                return;
            case ReceiveAction.Retry:
                await _redelivery.ComeAgainAsync(properties, body, outcome, _lost.Token).ConfigureAwait(false);
                _parts.Instruments.Answered(_names.Queue, "retried");
                break;
            case ReceiveAction.DeadLetter or ReceiveAction.Park:
                await _redelivery.BuryAsync(properties, body, outcome, _lost.Token).ConfigureAwait(false);
                _parts.Instruments.Answered(_names.Queue, outcome.Action == ReceiveAction.Park ? "parked" : "dead_lettered");
                break;
            default:
                _parts.Instruments.Answered(_names.Queue, "acknowledged");
                break;
        }

        await _acknowledger.DoneAsync(number).ConfigureAwait(false);
    }

    private void GiveUp()
    {
        _isOver = true;
        _lost.Cancel();
        _idle.TrySetResult();
    }

    private Task End(string reason)
    {
        _isOver = true;
        _ended.TrySetResult(reason);
        if (_inHand > 0 && !_lost.IsCancellationRequested)
        {
            // Neither on the thread that reads from the broker nor before its next message: whoever listens to the token may take long.
            _ = Task.Run(_lost.Cancel);
        }

        return Task.CompletedTask;
    }

    private void Release()
    {
        lock (_gate)
        {
            _inHand--;
            TellIfIdle();
        }
    }

    private void TellIfIdle()
    {
        if (_isStopping && _inHand == 0)
        {
            _idle.TrySetResult();
        }
    }
}
