using System.Threading.Channels;

namespace Carillon.Transports.Internal;

/// <summary>Something has changed since it was last looked at. For one who waits.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Set() => _set.Writer.TryWrite(true);

    internal async ValueTask WaitAsync(CancellationToken cancellationToken) => await _set.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
}
