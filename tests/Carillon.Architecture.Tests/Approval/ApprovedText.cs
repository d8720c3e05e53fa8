namespace Carillon.Architecture.Tests.Approval;

/// <summary>Text that others can see of us, frozen in Approved/: whoever changes it sees the change in the diff.</summary>
internal static class ApprovedText
{
    private const string Folder = "tests/Carillon.Architecture.Tests/Approved";

    private static bool TakesReceived => Environment.GetEnvironmentVariable("CARILLON_APPROVE") == "1";

    internal static void ShouldBeApproved(string name, string received)
    {
        var approvedFile = Path.Combine(Repository.Root, Folder, name + ".approved.txt");
        var receivedFile = Path.Combine(Repository.Root, Folder, name + ".received.txt");
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        received = received.ReplaceLineEndings("\n");
        if (approved == received)
        {
            File.Delete(receivedFile);
            return;
        }

        if (TakesReceived)
        {
            File.WriteAllText(approvedFile, received);
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail($"""
            {Folder}/{name}.approved.txt is not what was received (- approved, + received):

            {LineDiff.Between(approved, received)}
            If the change is meant, run `./test Architecture --approve` (or move {name}.received.txt over it) and commit the approved text with the change.
            """);
    }
}
