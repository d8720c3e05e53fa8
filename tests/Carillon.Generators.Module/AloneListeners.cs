using Carillon;

namespace Acme.Module;

internal sealed record ParcelLost(Protocol Protocol);

internal sealed class AloneListeners
{
    private readonly string _text = "module lost";

    [OnEvent]
    internal void Lose(ParcelLost e) => e.Protocol.Add(_text);
}
