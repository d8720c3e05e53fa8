using Carillon.EventSourcing;

namespace Carillon.Stores.Tests.EventSourcing.Applications;

/// <summary>A projection that writes nothing.</summary>
public sealed class OtherBaskets : IProjection
{
    [OnEvent]
    public void Fill(BasketFilled e) => _ = e;
}
