using System.Buffers.Binary;

namespace Carillon.Sagas.Internal;

/// <summary>The ids of the time-outs of a saga: UUIDs of version 7 that end with a mark, which is the same in all of them, and the number of the time-out.</summary>
/// <remarks>
/// Of an event that a time-out has dispatched only the id of its cause tells that it comes from there. So that a saga need not remember each that it has taken back - one that moves its
/// time-out with every event would grow for ever - they are numbered, and the number of the last one is enough.
/// </remarks>
internal static class TimeOutId
{
    internal const int LastNumber = 0xFFFFFF;

    private const int BitsOfNumber = 24;

    /// <summary>What tells the time-outs of one saga from all other ids: 38 random bits behind the variant.</summary>
    internal static long MarkOf(Guid id) => (long)(EndOf(id) >> BitsOfNumber);

    internal static int NumberOf(Guid id) => (int)(EndOf(id) & LastNumber);

    /// <summary>An id with a mark and a number in it; the time and the other random bits stay those of a new one.</summary>
    internal static Guid Of(Guid id, long mark, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ((ulong)mark << BitsOfNumber) | (uint)number);
        return new Guid(bytes, bigEndian: true);
    }

    private static ulong EndOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }
}
