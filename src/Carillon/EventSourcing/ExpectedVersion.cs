using System.Globalization;

namespace Carillon.EventSourcing;

/// <summary>What an append wants a stream to be: nobody may have written to it since it was read.</summary>
public readonly record struct ExpectedVersion
{
    private const long AnyVersion = -2;
    private const long SomeVersion = -1;

    private readonly long _value;

    private ExpectedVersion(long value) => _value = value;

    /// <summary>Any number of events, or none: whoever comes is appended.</summary>
    public static ExpectedVersion Any { get; } = new(AnyVersion);

    /// <summary>At least one event.</summary>
    public static ExpectedVersion Exists { get; } = new(SomeVersion);

    /// <summary>No event: the append begins the stream. The default of the type.</summary>
    public static ExpectedVersion NoStream => default;

    /// <summary>The version, if it is a certain one: that of the last event, or 0 for none.</summary>
    public long? Version => _value >= 0 ? _value : null;

    /// <summary>Exactly so many events: the version of the last one that was read.</summary>
    /// <param name="version">The version; 0 is the same as <see cref="NoStream"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static ExpectedVersion Exactly(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new ExpectedVersion(version);
    }

    /// <summary>Whether a stream of this version is what is wanted. For stores.</summary>
    /// <param name="version">The version of the stream; 0 if there is none.</param>
    public bool Allows(long version) => _value switch
    {
        AnyVersion => true,
        SomeVersion => version > 0,
        _ => version == _value,
    };

    /// <summary>For messages: <c>version 3</c>, <c>no stream</c>.</summary>
    public override string ToString() => _value switch
    {
        AnyVersion => "any version",
        SomeVersion => "a stream",
        0 => "no stream",
        _ => string.Create(CultureInfo.InvariantCulture, $"version {_value}"),
    };
}
