namespace Carillon.Testing.Internal;

/// <summary>Which events are faked: in the flow of a test, or in the whole application.</summary>
internal sealed class Fakes
{
    private readonly AsyncLocal<Fake?> _current = new();
    private readonly List<Type> _everywhere = [];

    /// <summary>Said before the application is built.</summary>
    internal void AddEverywhere(Type eventType) => _everywhere.Add(eventType);

    internal IDisposable Begin(Func<object, string, bool> isFake)
    {
        var fake = new Fake(this, _current.Value, isFake);
        _current.Value = fake;
        return fake;
    }

    internal bool Has(object @event, string eventName)
    {
        for (var fake = _current.Value; fake is not null; fake = fake.Outer)
        {
            if (!fake.IsEnded && fake.IsFake(@event, eventName))
            {
                return true;
            }
        }

        return _everywhere.Exists(type => type.IsInstanceOfType(@event));
    }

    private sealed class Fake(Fakes fakes, Fake? outer, Func<object, string, bool> isFake) : IDisposable
    {
        private volatile bool _isEnded;

        internal Fake? Outer => outer;

        internal bool IsEnded => _isEnded;

        internal bool IsFake(object @event, string eventName) => isFake(@event, eventName);

        // Tasks that were started inside hold on to it: ended is ended for them too.
        public void Dispose()
        {
            _isEnded = true;
            if (fakes._current.Value == this)
            {
                fakes._current.Value = outer;
            }
        }
    }
}
