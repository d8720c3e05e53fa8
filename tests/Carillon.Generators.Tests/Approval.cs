namespace Carillon.Generators.Tests;

/// <summary>Compares text with what somebody has read and approved. A change to generated code is seen in the diff of the approved file.</summary>
internal static class Approval
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Carillon.Generators.Tests", "Approved");

    internal static void Check(string test, string received)
    {
        var approvedPath = Path.Combine(Folder, $"{test}.approved.txt");
        var receivedPath = Path.Combine(Folder, $"{test}.received.txt");
        var approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath).ReplaceLineEndings("\n") : "";
        if (approved == received)
        {
            File.Delete(receivedPath);
            return;
        }

        if (Environment.GetEnvironmentVariable("CARILLON_APPROVE") == "1")
        {
            File.WriteAllText(approvedPath, received);
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        Assert.Fail($"{FirstDifference(approved, received)}\nRead {receivedPath}; if it is right: ./test Generators --approve");
    }

    private static string FirstDifference(string approved, string received)
    {
        var approvedLines = approved.Split('\n');
        var receivedLines = received.Split('\n');
        var line = approvedLines.Zip(receivedLines).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1} is approved as '{approvedLines.ElementAtOrDefault(line)?.Trim()}', received as '{receivedLines.ElementAtOrDefault(line)?.Trim()}'.";
    }
}
