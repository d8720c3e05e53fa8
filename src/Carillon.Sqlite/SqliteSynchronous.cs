namespace Carillon.Sqlite;

/// <summary>What a commit waits for; SQLite's <c>PRAGMA synchronous</c>.</summary>
public enum SqliteSynchronous
{
    /// <summary>
    /// A commit survives the death of the process, by <c>kill -9</c> too. After a power cut or a crash of the operating system the last commits
    /// may be missing; the file stays intact.
    /// </summary>
    Normal = 1,

    /// <summary>A commit is on the disk when it returns: it survives a power cut too.</summary>
    Full = 2,
}
