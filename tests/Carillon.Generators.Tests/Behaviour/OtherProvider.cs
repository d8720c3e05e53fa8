using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Generators.Tests.Behaviour;

/// <summary>A provider that knows its listeners from another application.</summary>
internal sealed class OtherProvider : IListenerProvider, IDisposable
{
    private readonly ServiceProvider _other;

    public OtherProvider()
    {
        var services = new ServiceCollection();
        services.AddCarillon(carillon =>
        {
            carillon.UseBackground();
            foreach (var listener in DescribedListeners.All)
            {
                carillon.AddListener(listener);
            }
        });
        _other = services.BuildServiceProvider();
    }

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public IEnumerable<Listener> GetListeners(EventType eventType) => _other.GetRequiredService<IListenerDirectory>().GetListeners(eventType);

    public void Dispose() => _other.Dispose();
}
