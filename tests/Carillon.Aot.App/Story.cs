namespace Carillon.Aot.App;

/// <summary>What has happened, as lines for whoever runs the program.</summary>
internal sealed class Story
{
    internal TaskCompletionSource MailSent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource HeldAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the process that runs now is the one that dies in the middle.</summary>
    internal bool Dies { get; init; }

    internal void Tell(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }
}
