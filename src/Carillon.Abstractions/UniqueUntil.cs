namespace Carillon;

/// <summary>How long a unique delivery keeps others with the same key away.</summary>
public enum UniqueUntil
{
    /// <summary>Until its listener starts: whatever happens from then on is a reason to run again.</summary>
    Started = 0,

    /// <summary>Until it is completed, failed, discarded or cancelled.</summary>
    Done = 1,
}
