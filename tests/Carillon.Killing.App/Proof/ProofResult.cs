using System.Globalization;

namespace Carillon.Killing.App.Proof;

/// <summary>How a proof has ended.</summary>
/// <param name="Name">Of what: <c>SQLite, one process killed</c>.</param>
/// <param name="Verdict">What was found.</param>
/// <param name="Told">What the processes had said.</param>
/// <param name="Kills">How often something was killed.</param>
/// <param name="Recoveries">From each restart until a listener had run again, of those that lived so long.</param>
/// <param name="Elapsed">All in all.</param>
internal sealed record ProofResult(string Name, Verdict Verdict, Told Told, int Kills, IReadOnlyList<TimeSpan> Recoveries, TimeSpan Elapsed)
{
    internal static readonly string[] Header = ["", "committed", "rolled back", "lost", "duplicates", "unknown", "kills", "recover", "at most", "seconds"];

    internal string[] Row =>
    [
        Name, Text(Verdict.Committed), Text(Told.RolledBack.Count), Text(Verdict.Lost), Text(Verdict.Duplicates),
        Told.Unknown.Count == 0 ? "0" : $"{Text(Told.Unknown.Count)} ({Text(Verdict.UnknownCommitted)} committed)",
        Text(Kills), $"{Text(Median)} ms", $"{Text(Most)} ms", Text((int)Elapsed.TotalSeconds),
    ];

    /// <summary>For people and programs: a line.</summary>
    public override string ToString() =>
        $"{Name}: committed {Row[1]}, rolled back {Row[2]}, lost {Row[3]}, duplicates {Row[4]}, commits of unknown outcome {Row[5]}, kills {Row[6]}, recover {Row[7]} (at most {Row[8]}), seconds {Row[9]}";

    internal int Median => Recoveries.Count == 0 ? 0 : (int)Recoveries.Order().ElementAt(Recoveries.Count / 2).TotalMilliseconds;

    internal int Most => Recoveries.Count == 0 ? 0 : (int)Recoveries.Max().TotalMilliseconds;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
