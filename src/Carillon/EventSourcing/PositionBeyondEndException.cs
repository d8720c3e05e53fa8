using System.Globalization;

namespace Carillon.EventSourcing;

/// <summary>Something is to be read from a position to which the event store has never come: whoever remembers it has seen another store, or this one before it was restored.</summary>
public sealed class PositionBeyondEndException : CarillonException
{
    internal PositionBeyondEndException(string who, long position, long end, string store)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"{who} is to go on after position {position}, but the {store} ends at {end}. Was the database restored from a backup, or is it another one? ")
            + "Whatever was built from later events has to be built anew: rebuild the projection, or read from a position that exists.")
    {
        Position = position;
        End = end;
    }

    /// <summary>The position that was given.</summary>
    public long Position { get; }

    /// <summary>The last position that the store has given.</summary>
    public long End { get; }
}
