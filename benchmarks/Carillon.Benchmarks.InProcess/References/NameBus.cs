using System.Collections.Frozen;

namespace Carillon.Benchmarks.InProcess.References;

/// <summary>Finds the listener by the name in a frozen dictionary. No patterns, no scopes, no further listener.</summary>
public sealed class NameBus
{
    private readonly FrozenDictionary<string, Action<object>> _handlers;

    /// <summary>Freezes the listeners, one a name.</summary>
    public NameBus(IEnumerable<KeyValuePair<string, Action<object>>> handlers) => _handlers = handlers.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Calls the one of the name.</summary>
    public ValueTask<bool> EmitAsync(string name, object payload)
    {
        if (!_handlers.TryGetValue(name, out var handler))
        {
            return new ValueTask<bool>(false);
        }

        handler(payload);
        return new ValueTask<bool>(true);
    }
}
