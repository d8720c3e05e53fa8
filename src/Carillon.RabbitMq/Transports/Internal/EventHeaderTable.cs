using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Carillon.Envelopes;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>The headers of one event after the other, as the client wants them: as a dictionary, which it only walks through. So none has to be made for each event.</summary>
/// <threadsafety>Belongs to one publisher, which writes one message at a time.</threadsafety>
internal sealed class EventHeaderTable : IDictionary<string, object?>, IEnumerator<KeyValuePair<string, object?>>
{
    private IReadOnlyList<EventHeader> _headers = [];
    private string? _key;
    private int _next;

    public int Count { get; private set; }

    public KeyValuePair<string, object?> Current { get; private set; }

    object IEnumerator.Current => Current;

    /// <param name="headers">Those of the event. One whose value has no form as text is left out.</param>
    /// <param name="key">Its key, if it is not among them.</param>
    internal void Set(IReadOnlyList<EventHeader> headers, string? key)
    {
        _headers = headers;
        _key = key;
        Count = key is null ? 0 : 1;
        for (var place = 0; place < headers.Count; place++)
        {
            Count += headers[place].Value is null ? 0 : 1;
        }
    }

    public bool MoveNext()
    {
        while (_next < _headers.Count)
        {
            var header = _headers[_next++];
            if (header.Value is not null)
            {
                Current = new(header.Name, header.Value);
                return true;
            }
        }

        if (_next == _headers.Count && _key is not null)
        {
            _next++;
            Current = new(OwnHeaders.Key, _key);
            return true;
        }

        return false;
    }

    public void Reset() => _next = 0;

    public void Dispose()
    {
        // Walked through again for the next event.
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        Reset();
        return this;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    bool ICollection<KeyValuePair<string, object?>>.IsReadOnly => true;

    ICollection<string> IDictionary<string, object?>.Keys => throw OnlyWalked();

    ICollection<object?> IDictionary<string, object?>.Values => throw OnlyWalked();

    object? IDictionary<string, object?>.this[string key]
    {
        get => throw OnlyWalked();
        // The client has its own trace to add when somebody listens to it. The event has that of its sender already.
        set { }
    }

    bool IDictionary<string, object?>.TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        value = null;
        return false;
    }

    bool IDictionary<string, object?>.ContainsKey(string key) => false;

    void IDictionary<string, object?>.Add(string key, object? value)
    {
    }

    bool IDictionary<string, object?>.Remove(string key) => false;

    void ICollection<KeyValuePair<string, object?>>.Add(KeyValuePair<string, object?> item)
    {
    }

    void ICollection<KeyValuePair<string, object?>>.Clear() => throw OnlyWalked();

    bool ICollection<KeyValuePair<string, object?>>.Contains(KeyValuePair<string, object?> item) => throw OnlyWalked();

    void ICollection<KeyValuePair<string, object?>>.CopyTo(KeyValuePair<string, object?>[] array, int arrayIndex) => throw OnlyWalked();

    bool ICollection<KeyValuePair<string, object?>>.Remove(KeyValuePair<string, object?> item) => throw OnlyWalked();

    private static NotSupportedException OnlyWalked() => new("The headers of an event can only be walked through.");
}
