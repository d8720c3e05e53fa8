using System.Runtime.InteropServices;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Where a claim begins to look, for each priority and among the leases: what lies before is not looked at.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClaimMarks(ClaimMark High, ClaimMark Normal, ClaimMark Low, long LeaseUntil)
{
    /// <summary>At the beginning: nothing is left out.</summary>
    internal static ClaimMarks None { get; } = new(ClaimMark.None, ClaimMark.None, ClaimMark.None, long.MinValue);
}
