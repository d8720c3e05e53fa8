namespace Carillon.Listeners.Internal;

/// <summary>A listener with its place in the order of registration, in a chain of those for one type of event.</summary>
internal sealed class PlacedListener(Listener listener, long place)
{
    // As many manifests as that can stand between two listeners.
    private const int Room = 16;

    internal readonly Listener Listener = listener;
    internal readonly long Place = place;
    internal PlacedListener? NextOfSameType;

    /// <summary>What ends it, if it came while the application runs.</summary>
    internal Registration? Registration;

    internal static long PlaceOf(int index) => (index + 1L) << Room;

    internal static long PlaceOfManifest(int listenersBefore, int manifestsBefore) => ((long)listenersBefore << Room) + 1 + manifestsBefore;
}
