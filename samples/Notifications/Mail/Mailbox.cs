namespace Notifications.Mail;

/// <summary>Pretends to send mails: writes each to a file.</summary>
internal sealed class Mailbox(NotificationsOptions options)
{
    public int Count => Directory.EnumerateFiles(options.Mails, "*.txt").Count();

    public async Task SendAsync(Guid id, string text, CancellationToken cancellationToken)
    {
        // Whole or not at all, also if the process is killed in between.
        var path = Path.Combine(options.Mails, $"{id}.txt");
        var unfinished = Path.ChangeExtension(path, ".part");
        await File.WriteAllTextAsync(unfinished, text, cancellationToken);
        File.Move(unfinished, path, overwrite: true);
    }
}
