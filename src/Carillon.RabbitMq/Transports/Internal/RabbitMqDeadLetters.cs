using System.Globalization;
using System.Security.Cryptography;
using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>The dead letters of subscriptions: what lies in their queues is taken out, looked at, and put back, sent on or thrown away.</summary>
/// <remarks>
/// A queue cannot be looked into. What somebody holds is not seen by others meanwhile, and comes back should he be lost: so two that replay at once replay each once.
/// Within a process it is one after the other, on one channel, so that what was put back is there for the next look.
/// </remarks>
internal sealed class RabbitMqDeadLetters(TransportParts parts) : ITransportDeadLetters, IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private IChannel? _channel;
    private Task _getting = Task.CompletedTask;
    private Task _closing = Task.CompletedTask;

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(string key, int take, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var letters = new List<DeadLetter>();
        await VisitAsync(key, $"list the dead letters of '{key}'", take, message =>
        {
            letters.Add(Read(message));
            return new(false);
        }, cancellationToken).ConfigureAwait(false);
        return letters;
    }

    public ValueTask<int> ReplayAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        var queue = QueueNames.Of(parts.Options.Exchange, Checked(key)).Queue;
        return VisitAsync(key, $"replay dead letters of '{key}'", int.MaxValue, async message =>
        {
            if (ids?.Contains(Id(message)) == false)
            {
                return false;
            }

            var properties = MessageProperties.Copy(message.BasicProperties);
            if (await parts.Publisher.PublishAsync(queue, properties, message.Body, cancellationToken).ConfigureAwait(false) == PublishResult.Unrouted)
            {
                throw new TransportException($"The subscription '{key}' has no queue at {parts.Address.Description} any more. Start an application that receives it, then replay its dead letters.");
            }

            return true;
        }, cancellationToken);
    }

    public ValueTask<int> DiscardAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) =>
        VisitAsync(key, $"discard dead letters of '{key}'", int.MaxValue, message => new(ids?.Contains(Id(message)) != false), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <param name="key">Of which subscription.</param>
    /// <param name="what">For messages.</param>
    /// <param name="most">How many at the most.</param>
    /// <param name="visit">Says of one whether it goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many have gone.</returns>
    private async ValueTask<int> VisitAsync(string key, string what, int most, Func<BasicGetResult, ValueTask<bool>> visit, CancellationToken cancellationToken)
    {
        var queue = QueueNames.Of(parts.Options.Exchange, Checked(key)).Dead;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        var isDone = false;
        try
        {
            if (_channel is not { IsOpen: true })
            {
                // What that one holds is to be there again.
                await _closing.WaitAsync(cancellationToken).ConfigureAwait(false);
                _channel = await parts.Link.OpenChannelAsync(what, options: null, cancellationToken).ConfigureAwait(false);
            }

            var gone = await VisitAsync(_channel, queue, most, visit, cancellationToken).ConfigureAwait(false);
            isDone = true;
            return gone;
        }
        catch (Exception exception) when (RabbitFault.IsNotFound(exception))
        {
            return 0;
        }
        catch (Exception exception) when (RabbitFault.IsFault(exception, cancellationToken))
        {
            throw RabbitFault.Explain(what, parts.Address, exception);
        }
        finally
        {
            if (!isDone && _channel is { } channel)
            {
                // The broker may hand out what nobody here has seen: an answer that comes after its caller has gone. All of it goes back. Nobody waits for that but the next one.
                _channel = null;
                _closing = CloseAsync(channel, _getting);
            }

            _turn.Release();
        }
    }

    private async ValueTask<int> VisitAsync(IChannel channel, string queue, long most, Func<BasicGetResult, ValueTask<bool>> visit, CancellationToken cancellationToken)
    {
        var gone = 0;
        var visited = 0L;
        for (; visited < most && await GetAsync(channel, queue, cancellationToken).ConfigureAwait(false) is { } message; visited++)
        {
            if (visited == 0)
            {
                // Those that there are now: what is replayed may come back before this has ended. A declaration would count too, but past what was put back just before.
                most = Math.Min(most, 1 + (long)message.MessageCount);
            }

            if (await visit(message).ConfigureAwait(false))
            {
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, CancellationToken.None).ConfigureAwait(false);
                gone++;
            }
        }

        if (visited > gone)
        {
            await PutBackAsync(channel).ConfigureAwait(false);
        }

        return gone;
    }

    // Who gives up does so here and not in the client: that would drop the answer, and take the next one for it.
    private Task<BasicGetResult?> GetAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        var getting = channel.BasicGetAsync(queue, autoAck: false, CancellationToken.None);
        _getting = getting;
        return getting.WaitAsync(cancellationToken);
    }

    // 0 is all that is still held here.
    private static ValueTask PutBackAsync(IChannel channel) => channel.BasicNackAsync(0, multiple: true, requeue: true, CancellationToken.None);

    private static async Task CloseAsync(IChannel channel, Task getting)
    {
        try
        {
            await getting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (channel.IsOpen)
            {
                // Closing would do, but a quorum queue hears of that later than of this.
                await PutBackAsync(channel).ConfigureAwait(false);
            }

            await channel.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What cannot be closed has gone with its connection, and all that was held there is back.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static string Checked(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key;
    }

    private static DeadLetter Read(BasicGetResult message)
    {
        var properties = message.BasicProperties;
        return new DeadLetter
        {
            Id = Id(message),
            Reason = IncomingHeaders.Find(properties.Headers, OwnHeaders.Reason) ?? "",
            IsParked = IncomingHeaders.Find(properties.Headers, OwnHeaders.Parked) == "true",
            At = DateTimeOffset.TryParse(IncomingHeaders.Find(properties.Headers, OwnHeaders.At), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : default,
            Attempts = IncomingHeaders.Attempt(properties.Headers),
            ContentType = properties.ContentType,
            Headers = IncomingHeaders.Read(properties.Headers),
            Body = message.Body.ToArray(),
        };
    }

    // Somebody may have put it there by hand: then by what is in it.
    private static string Id(BasicGetResult message) =>
        IncomingHeaders.Find(message.BasicProperties.Headers, OwnHeaders.DeadId) ?? message.BasicProperties.MessageId ?? Convert.ToHexStringLower(SHA256.HashData(message.Body.Span).AsSpan(0, 16));
}
