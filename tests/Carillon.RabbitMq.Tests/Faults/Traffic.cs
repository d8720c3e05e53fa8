using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Carillon.Envelopes;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>Publishes numbered events, each until it is confirmed, and counts what arrives: what is confirmed must.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentDictionary<int, int> _received = new();
    private readonly ConcurrentDictionary<int, byte> _confirmed = new();
    private readonly ConcurrentQueue<(int Count, TaskCompletionSource Reached)> _marks = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;
    private int _failed;
    private volatile bool _isEnding;
    private int _left;

    internal int Confirmed => _confirmed.Count;

    internal int Received => _received.Count;

    /// <summary>Calls of publish that were not confirmed, and made again.</summary>
    internal int Failed => _failed;

    internal int Lost => _confirmed.Keys.Count(number => !_received.ContainsKey(number));

    internal int Duplicates => _received.Values.Sum(static times => times - 1);

    /// <summary>So many publish, each one event after the other, until this ends.</summary>
    internal Task PublishAsync(ITransport transport, string name, int publishers, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _left, publishers);
        return Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => Task.Run(() => PublishAsync(transport, name, cancellationToken), cancellationToken)));
    }

    internal ValueTask<ReceiveOutcome> Receive(IncomingEvent incoming)
    {
        _received.AddOrUpdate(int.Parse(Encoding.UTF8.GetString(incoming.Body.Span), CultureInfo.InvariantCulture), 1, static (_, times) => times + 1);
        foreach (var (count, reached) in _marks)
        {
            if (_received.Count >= count)
            {
                reached.TrySetResult();
            }
        }

        TellIfDone();
        return new(ReceiveOutcome.Acknowledged);
    }

    /// <summary>Waits until so many more have arrived than there are now.</summary>
    internal Task MoreAsync(int count, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _marks.Enqueue((_received.Count + count, reached));
        return reached.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
    }

    /// <summary>Nothing new is published; waits until everything that was confirmed has arrived.</summary>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        _isEnding = true;
        TellIfDone();
        try
        {
            await _done.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        }
        catch (TimeoutException)
        {
            // What is missing is counted.
        }
    }

    internal void Report(string what)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {Confirmed} confirmed ({Failed} published again), {Received} received, {Lost} lost, {Duplicates} duplicates");
        Lost.ShouldBe(0);
    }

    internal static OutgoingEvent Event(string name, string body, Guid? id = null, string? key = null) => Event(name, Encoding.UTF8.GetBytes(body), id, key);

    internal static OutgoingEvent Event(string name, byte[] body, Guid? id = null, string? key = null)
    {
        var known = id ?? Guid.CreateVersion7();
        EventHeader[] headers =
        [
            new("cloudEvents:specversion", "1.0"), new("cloudEvents:source", "/tests"), new("cloudEvents:id", known.ToString()), new("cloudEvents:type", name),
        ];
        return new OutgoingEvent { EventName = name, Id = known, Key = key, ContentType = "application/json", Headers = headers, Body = body };
    }

    private async Task PublishAsync(ITransport transport, string name, CancellationToken cancellationToken)
    {
        while (!_isEnding)
        {
            var number = Interlocked.Increment(ref _next);
            var outgoing = Event(name, number.ToString(CultureInfo.InvariantCulture));
            while (true)
            {
                try
                {
                    (await transport.PublishAsync(outgoing, cancellationToken)).ShouldBe(PublishResult.Routed);
                    _confirmed.TryAdd(number, 0);
                    break;
                }
                catch (TransportException)
                {
                    Interlocked.Increment(ref _failed);
                }
            }
        }

        Interlocked.Decrement(ref _left);
        TellIfDone();
    }

    private void TellIfDone()
    {
        if (_isEnding && Volatile.Read(ref _left) == 0 && _received.Count >= _confirmed.Count && Lost == 0)
        {
            _done.TrySetResult();
        }
    }
}
