using System.Collections.Concurrent;
using System.Globalization;
using Carillon.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Sends on what a receiver has said no to: to come again after a while, or to the dead letters. The original is acknowledged when that is confirmed.</summary>
/// <remarks>By the connection for publishing, so that a broker that is short of memory does not keep the acknowledgements of others waiting.</remarks>
internal sealed class Redelivery(TransportParts parts, QueueNames names, string kind, bool isTemporary)
{
    // The broker takes an unused queue away a day after its delay: declared again that often, it is never away with something in it.
    private static readonly TimeSpan TrustedFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<long, long> _declared = new();

    internal async ValueTask ComeAgainAsync(IReadOnlyBasicProperties original, ReadOnlyMemory<byte> body, ReceiveOutcome outcome, CancellationToken cancellationToken)
    {
        var attempt = IncomingHeaders.Attempt(original.Headers);
        var properties = MessageProperties.Copy(original);
        properties.Headers![OwnHeaders.Attempt] = attempt == int.MaxValue ? attempt : attempt + 1;
        if (!Fits(properties))
        {
            await BuryAsync(original, body, ReceiveOutcome.DeadLetter($"It cannot come again: its headers are larger than the broker takes with the attempt in them. {outcome.Reason}"), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (outcome.Delay == TimeSpan.Zero)
        {
            await SendAsync(names.Queue, properties, body, cancellationToken).ConfigureAwait(false);
            return;
        }

        var (step, delay) = DelayStep.For(outcome.Delay);
        properties.Expiration = Math.Ceiling(delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        await DeclareAsync(step, cancellationToken).ConfigureAwait(false);
        if (await parts.Publisher.PublishAsync(names.Retry(step), properties, body, cancellationToken).ConfigureAwait(false) == PublishResult.Unrouted)
        {
            _declared.TryRemove(step.Seconds, out _);
            await DeclareAsync(step, cancellationToken).ConfigureAwait(false);
            await SendAsync(names.Retry(step), properties, body, cancellationToken).ConfigureAwait(false);
        }
    }

    internal async ValueTask BuryAsync(IReadOnlyBasicProperties original, ReadOnlyMemory<byte> body, ReceiveOutcome outcome, CancellationToken cancellationToken)
    {
        if (isTemporary)
        {
            Log.Dropped(parts.Logger, names.Queue, outcome.Reason ?? "");
            return;
        }

        var now = parts.Time.GetUtcNow();
        var properties = MessageProperties.Copy(original);
        var headers = properties.Headers!;
        var own = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [OwnHeaders.DeadId] = Guid.CreateVersion7(now).ToString("N"),
            [OwnHeaders.Reason] = outcome.Reason ?? "",
            [OwnHeaders.Parked] = outcome.Action == ReceiveAction.Park,
            [OwnHeaders.At] = now.ToString("O", CultureInfo.InvariantCulture),
            [OwnHeaders.Attempt] = IncomingHeaders.Attempt(original.Headers),
        };
        foreach (var (name, value) in own)
        {
            headers[name] = value;
        }

        LeaveOut(properties, own);
        if (await parts.Publisher.PublishAsync(names.Dead, properties, body, cancellationToken).ConfigureAwait(false) == PublishResult.Unrouted)
        {
            await DeclareAsync(names.Dead, QueueArguments.Beside(kind), cancellationToken).ConfigureAwait(false);
            await SendAsync(names.Dead, properties, body, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (await parts.Publisher.PublishAsync(queue, properties, body, cancellationToken).ConfigureAwait(false) == PublishResult.Unrouted)
        {
            throw new TransportException($"There is no queue '{queue}' at {parts.Address.Description}: somebody has deleted it. It is made anew when its subscription begins again.");
        }
    }

    private async ValueTask DeclareAsync(DelayStep step, CancellationToken cancellationToken)
    {
        var now = parts.Time.GetTimestamp();
        if (_declared.TryGetValue(step.Seconds, out var declared) && parts.Time.GetElapsedTime(declared, now) < TrustedFor)
        {
            return;
        }

        await DeclareAsync(names.Retry(step), QueueArguments.Retry(kind, step, names.Queue), cancellationToken).ConfigureAwait(false);
        _declared[step.Seconds] = now;
    }

    // On a channel of its own: one that is refused is closed, and with that of the receiver all that is being handled would come again.
    private async ValueTask DeclareAsync(string queue, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        var channel = await parts.Link.OpenChannelAsync($"declare '{queue}'", options: null, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.QueueDeclareAsync(queue, durable: !isTemporary, exclusive: isTemporary, autoDelete: false, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (RabbitFault.IsFault(exception, cancellationToken))
            {
                throw TopologyFault.Explain(queue, parts.Address, exception);
            }
        }
    }

    // A broker ends the connection of whoever sends properties that do not fit into a frame, and all others with it.
    private bool Fits(BasicProperties properties) => MessageFault.Fits(properties, parts.Link.FrameMax);

    private void LeaveOut(BasicProperties properties, Dictionary<string, object?> own)
    {
        if (Fits(properties))
        {
            return;
        }

        var headers = properties.Headers!;
        var before = headers.Count;
        var trial = new BasicProperties();
        foreach (var name in headers.Keys.Where(name => !own.ContainsKey(name)).OrderByDescending(Size).ToList())
        {
            headers.Remove(name);
            if (Fits(properties))
            {
                break;
            }
        }

        Log.HeadersLeftOut(parts.Logger, names.Queue, before - headers.Count);

        int Size(string name)
        {
            trial.Headers = new Dictionary<string, object?> { [name] = headers[name] };
            return ((IAmqpWriteable)trial).GetRequiredBufferSize();
        }
    }
}
