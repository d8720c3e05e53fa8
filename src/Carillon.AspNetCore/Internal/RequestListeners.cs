using Carillon.Events;
using Carillon.Listeners;

namespace Carillon.AspNetCore.Internal;

/// <summary>Knows whether anybody listens to the events of requests: asked by every request, so the answer is kept until listeners come or go.</summary>
internal sealed class RequestListeners
{
    private static readonly EventType Before = new(typeof(BeforeHandleRequest), "request.handle.before");
    private static readonly EventType After = new(typeof(AfterHandleRequest), "request.handle.after");

    private readonly IListenerProvider[] _providers;
    private volatile Answer? _answer;
    private int _version;

    internal RequestListeners(IEnumerable<IListenerProvider> providers)
    {
        _providers = [.. providers];
        foreach (var provider in _providers)
        {
            provider.Changed += () => Interlocked.Increment(ref _version);
        }
    }

    internal Answer Current => _answer is { } answer && answer.Version == Volatile.Read(ref _version) ? answer : Ask();

    private Answer Ask()
    {
        // Read first: should listeners change meanwhile, the next request asks again.
        var version = Volatile.Read(ref _version);
        return _answer = new Answer(version, AnyOf(Before), AnyOf(After));
    }

    private bool AnyOf(EventType eventType)
    {
        foreach (var provider in _providers)
        {
            foreach (var listener in provider.GetListeners(eventType))
            {
                // One that answers alike for every event does not mean these.
                if (listener.EventType.IsAssignableFrom(eventType.Type) || (listener.EventType == typeof(NamedEvent) && listener.Pattern is not null))
                {
                    return true;
                }
            }
        }

        return false;
    }

    internal sealed record Answer(int Version, bool HearBefore, bool HearAfter);
}
