using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Carillon.Names.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>
/// The plans of names. Those that somebody has written down, on a listener or on a type, stay; the others, of which there may be any number, only while
/// they are in use.
/// </summary>
internal sealed class NamePlans(NamedPlanFactory factory)
{
    // A power of two. The names in use at one time are few; one that has no place here is found below.
    private const int Places = 256;
    private const int FourCharacters = sizeof(ulong) / sizeof(char);
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly NamePlan?[] _atHand = new NamePlan?[Places];
    private readonly ConcurrentDictionary<string, NamePlan> _written = new(StringComparer.Ordinal);

    internal RecentNames Recent { get; } = new();

    internal NamePlan Find(string name)
    {
        // A null is found to be one below.
        var plan = name is null ? null : _atHand[PlaceOf(name)];
        return plan is not null && plan.Name == name ? plan : FindBelow(name!);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private NamePlan FindBelow(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_written.TryGetValue(name, out var plan))
        {
            plan = Recent.Find(name) ?? Add(name);
        }

        return _atHand[PlaceOf(name)] = plan;
    }

    private NamePlan Add(string name)
    {
        if (NamePattern.NameFault(name) is { } fault)
        {
            throw new ArgumentException($"'{Short(name)}' cannot be emitted: {fault}. Give it a name like 'user.created'.", nameof(name));
        }

        var listeners = factory.GetListeners(name);
        var plan = new NamePlan(name, listeners, factory);
        return factory.IsWritten(name, listeners) ? _written.GetOrAdd(name, plan) : Recent.Add(plan);
    }

    // What is too long to be a name is too long to be read.
    private static string Short(string name) => name.Length <= NamePattern.MaxLength ? name : $"{name.AsSpan(0, NamePattern.MaxLength)}...";

    // Its beginning, middle and end: names that differ nowhere there meet in one place, and the last one has it.
    private static int PlaceOf(string name)
    {
        if (name.Length < FourCharacters)
        {
            return name.Length;
        }

        var bytes = MemoryMarshal.AsBytes(name.AsSpan());
        var middle = (name.Length - FourCharacters) / 2 * sizeof(char);
        var mixed = MemoryMarshal.Read<ulong>(bytes)
            ^ ulong.RotateLeft(MemoryMarshal.Read<ulong>(bytes[middle..]), 23)
            ^ ulong.RotateLeft(MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]), 41)
            ^ (ulong)name.Length;
        return (int)((mixed * Spread) >> 56);
    }
}
