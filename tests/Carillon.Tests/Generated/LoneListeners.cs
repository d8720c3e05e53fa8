namespace Carillon.Tests.Generated;

internal sealed record FerryDeparted(List<string> Seen);

internal record TramDelayed(List<string> Seen);

/// <summary>Nobody else listens to this one, and nothing is said of it: a line in the manifest.</summary>
internal sealed class HarbourListeners
{
    [OnEvent]
    public void Wave(FerryDeparted e) => e.Seen.Add(Sound);

    public string Sound { get; init; } = "harbour";
}

internal sealed class TramListeners
{
    [OnEvent]
    public void Wait(TramDelayed e) => e.Seen.Add("tram");
}

/// <summary>A type of the framework: compiled against one assembly, and found in another when the program runs.</summary>
internal static class VersionListeners
{
    internal static readonly AsyncLocal<List<Version>?> Seen = new();

    [OnEvent]
    internal static void Note(Version e) => Seen.Value?.Add(e);
}
