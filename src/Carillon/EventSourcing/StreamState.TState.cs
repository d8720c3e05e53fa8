namespace Carillon.EventSourcing;

/// <summary>What a stream comes to.</summary>
/// <param name="State">The state.</param>
/// <param name="Version">The version of the last event that is in it; 0 for none. What is appended next expects it.</param>
/// <param name="SnapshotVersion">The version of the snapshot that saved reading; 0 if there was none.</param>
public sealed record StreamState<TState>(TState State, long Version, long SnapshotVersion)
{
    /// <summary>What an append that follows from this state expects: nobody may have written in between.</summary>
    public ExpectedVersion Expected => ExpectedVersion.Exactly(Version);
}
