using System.Reflection;
using System.Text;
using Carillon.Events;
using Carillon.Listeners.Internal;

namespace Carillon.Listeners;

/// <summary>
/// The listeners of an assembly that are alone with their event, inline, and need nothing said of them, as a text: at start no type is loaded and no
/// object made for them, only when such an event is first dispatched. Generated code derives from it.
/// </summary>
/// <threadsafety>Safe for concurrent use: one instance serves every application of the process.</threadsafety>
public abstract class ListenerManifest
{
    // An object: see PlanTable.
    private readonly object _gate = new();
    private readonly Dictionary<string, LoneListener> _opened = [];

    /// <summary>
    /// A line a listener, in the order of its bytes, its parts divided by tabs: the full name of the event's type, as reflection gives it, and its assembly, empty for
    /// that of the manifest; name and version of the event; id, number and number of the plan of the listener. UTF-8, as it stands in the assembly: a string of that
    /// length costs a start as much as a dozen methods.
    /// </summary>
    protected abstract ReadOnlySpan<byte> Text { get; }

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

        lock (_gate)
        {
            return _opened.TryGetValue(typeName, out var opened)
                ? opened.Type == eventType ? opened : null
                : FindLine(typeName) is { } line ? Open(line, eventType) : null;
        }
    }

    /// <summary>Every listener, in the order of the text: for those who have to look at all of them.</summary>
    internal List<LoneListener> OpenAll()
    {
        var all = new List<LoneListener>();
        lock (_gate)
        {
            foreach (var line in Lines())
            {
                all.Add(_opened.TryGetValue(line[..line.IndexOf('\t', StringComparison.Ordinal)], out var opened) ? opened : Open(line, eventType: null)!);
            }
        }

        return all;
    }

    /// <summary>The events, by type and by name, and the ids of the listeners, which have to differ from those of others.</summary>
    internal List<LoneName> GetNames()
    {
        var names = new List<LoneName>();
        foreach (var line in Lines())
        {
            var parts = line.Split('\t');
            names.Add(new LoneName(parts[0], parts[1].Length > 0 ? parts[1] : NameOf(GetType().Assembly), parts[2], parts[4], this, Number(parts[6])));
        }

        return names;
    }

    private LoneListener? Open(string line, Type? eventType)
    {
        var parts = line.Split('\t');
        var plan = Number(parts[6]);
        if (eventType is null)
        {
            eventType = GetEventType(plan);
        }
        else if ((parts[1].Length > 0 ? NameOf(eventType.Assembly) != parts[1] : eventType.Assembly != GetType().Assembly) && GetEventType(plan) != eventType)
        {
            // Another type of the same name; in another assembly it may be the same one, which has moved: those of the framework all have.
            return null;
        }

        var lone = new LoneListener(parts, eventType, plan, this);
        _opened.Add(parts[0], lone);
        return lone;
    }

    private string[] Lines() => Encoding.UTF8.GetString(Text).Split('\n');

    // By halves: the first dispatch of an application does not wait until all lines are read. Loops of its own: the methods of spans are in an assembly that a start
    // may not have loaded.
    private string? FindLine(string typeName)
    {
        var text = Text;
        var sought = Encoding.UTF8.GetBytes(typeName);
        var from = 0;
        var to = text.Length;
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            var start = middle;
            while (start > from && text[start - 1] != '\n')
            {
                start--;
            }

            var same = 0;
            while (same < sought.Length && text[start + same] == sought[same])
            {
                same++;
            }

            if (same == sought.Length && text[start + same] == '\t')
            {
                return Encoding.UTF8.GetString(text[start..EndOfLine(text, middle)]);
            }

            if (same < sought.Length && text[start + same] < sought[same])
            {
                from = EndOfLine(text, middle) + 1;
            }
            else
            {
                to = start - 1;
            }
        }

        return null;
    }

    private static int EndOfLine(ReadOnlySpan<byte> text, int place)
    {
        while (place < text.Length && text[place] != '\n')
        {
            place++;
        }

        return place;
    }

    // Digits of the generator, which no culture has changed.
    internal static int Number(string digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            number = (number * 10) + (digit - '0');
        }

        return number;
    }

    private static string? NameOf(Assembly assembly) => assembly.GetName().Name;
}
