using System.Threading.Channels;
using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>A receiver of a test: keeps what it was given, in the order in which it came.</summary>
public sealed class Receiving : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<ReceivedMessage> _messages = Channel.CreateUnbounded<ReceivedMessage>();
    private readonly Func<ReceivedMessage, ValueTask<ReceiveOutcome>> _answer;

    internal Receiving(Func<ReceivedMessage, ValueTask<ReceiveOutcome>> answer) => _answer = answer;

    /// <summary>The subscription at the transport.</summary>
    public ITransportSubscription Subscription { get; internal set; } = null!;

    /// <summary>The next one. Fails the test if none comes.</summary>
    public async Task<ReceivedMessage> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await _messages.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing arrived within {Patience}.");
        }
    }

    /// <summary>The texts of the next ones.</summary>
    public async Task<IReadOnlyList<string>> NextTextsAsync(int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            texts.Add((await NextAsync()).Text);
        }

        return texts;
    }

    /// <summary>How many have come that nobody has asked for.</summary>
    public int Waiting => _messages.Reader.Count;

    /// <summary>Stops receiving.</summary>
    public ValueTask DisposeAsync() => Subscription.DisposeAsync();

    internal async ValueTask<ReceiveOutcome> HandleAsync(IncomingEvent incoming, CancellationToken lost)
    {
        var message = new ReceivedMessage(incoming, lost);
        _messages.Writer.TryWrite(message);
        return await _answer(message);
    }
}
