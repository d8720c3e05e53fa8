namespace Carillon.Aot.App;

/// <summary>What is to become of this process, and what it waits for until then.</summary>
/// <param name="Dies">Whether it kills itself in the middle of a durable listener.</param>
internal sealed record Fate(bool Dies)
{
    internal TaskCompletionSource MailSent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource HeldAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
