using System.Globalization;
using Carillon.Listeners.Internal;

namespace Carillon.Listeners;

/// <summary>
/// The listeners of an assembly that are alone with their event, inline, and need nothing said of them, as a text: at start no type is loaded and no
/// object made for them, only when such an event is first dispatched. Generated code derives from it.
/// </summary>
/// <threadsafety>Safe for concurrent use: one instance serves every application of the process.</threadsafety>
public abstract class ListenerManifest
{
    private readonly string _text;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LoneListener> _opened = [];
    private Dictionary<string, string>? _lines;

    /// <summary>Takes the text; nothing of it is read yet.</summary>
    /// <param name="text">
    /// A line a listener, its parts divided by tabs: the full name of the event's type, as reflection gives it, followed by a comma and its assembly where
    /// that is another one; name and version of the event; id, number and number of the plan of the listener.
    /// </param>
    protected ListenerManifest(string text) => _text = text;

    private Dictionary<string, string> Lines => _lines ?? ReadLines();

    /// <summary>The type of event for which a plan is made.</summary>
    /// <param name="plan">The number of the plan.</param>
    public abstract Type GetEventType(int plan);

    /// <summary>What calls a listener.</summary>
    /// <param name="listener">The number of the listener.</param>
    public abstract ListenerInvoker GetInvoker(int listener);

    /// <summary>The listener of this very type of event, or null if there is none here.</summary>
    internal LoneListener? Find(Type eventType)
    {
        if (eventType.FullName is not { } typeName)
        {
            return null;
        }

        if (eventType.Assembly != GetType().Assembly)
        {
            typeName = Qualify(eventType);
        }

        lock (_gate)
        {
            return _opened.TryGetValue(typeName, out var opened) ? opened
                : Lines.TryGetValue(typeName, out var line) ? Open(typeName, line, eventType)
                : null;
        }
    }

    /// <summary>Every listener, in the order of the text: for those who have to look at all of them.</summary>
    internal List<LoneListener> OpenAll()
    {
        var all = new List<LoneListener>();
        lock (_gate)
        {
            foreach (var (typeName, line) in Lines)
            {
                all.Add(_opened.TryGetValue(typeName, out var opened) ? opened : Open(typeName, line, eventType: null));
            }
        }

        return all;
    }

    /// <summary>The names of the events and the ids of the listeners, which have to differ from those of others.</summary>
    internal IEnumerable<(string TypeName, string EventName, string ListenerId)> GetNames()
    {
        foreach (var (typeName, line) in Lines)
        {
            var parts = line.Split('\t');
            yield return (typeName, parts[1], parts[3]);
        }
    }

    /// <summary>The name of a type of event in the whole application.</summary>
    internal static string Qualify(Type eventType) => $"{eventType.FullName},{eventType.Assembly.GetName().Name}";

    internal string Qualify(string typeName) =>
        typeName.Contains(',', StringComparison.Ordinal) ? typeName : $"{typeName},{GetType().Assembly.GetName().Name}";

    private LoneListener Open(string typeName, string line, Type? eventType)
    {
        var parts = line.Split('\t');
        var plan = int.Parse(parts[5], CultureInfo.InvariantCulture);
        eventType ??= GetEventType(plan);
        var listener = new LoneListener(
            new Listener(parts[3], eventType, GetInvoker(int.Parse(parts[4], CultureInfo.InvariantCulture))),
            new Events.EventType(eventType, parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture)),
            plan,
            this);
        _opened.Add(typeName, listener);
        return listener;
    }

    private Dictionary<string, string> ReadLines()
    {
        var texts = _text.Split('\n');
        var lines = new Dictionary<string, string>(texts.Length);
        foreach (var line in texts)
        {
            lines.Add(line[..line.IndexOf('\t', StringComparison.Ordinal)], line);
        }

        return _lines = lines;
    }
}
