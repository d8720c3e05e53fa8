namespace Notifications;

/// <summary>What can be set: section <c>Notifications</c> of the configuration, <c>Notifications__Broker</c> in the environment.</summary>
internal sealed class NotificationsOptions
{
    /// <summary>The broker, as an AMQP address. In production it has a password, and so comes from the environment or a secret store.</summary>
    public string Broker { get; set; } = "amqp://guest:guest@127.0.0.1:5672";

    /// <summary>The SQLite file of the deliveries and the inbox. A relative path starts at the content root.</summary>
    public string Database { get; set; } = "App_Data/notifications.db";

    /// <summary>The folder that mails are written to. A relative path starts at the content root.</summary>
    public string Mails { get; set; } = "App_Data/mails";

    public static NotificationsOptions Read(IConfiguration configuration, string contentRoot)
    {
        var options = configuration.GetSection("Notifications").Get<NotificationsOptions>() ?? new NotificationsOptions();
        options.Database = Path.GetFullPath(options.Database, contentRoot);
        options.Mails = Path.GetFullPath(options.Mails, contentRoot);
        Directory.CreateDirectory(Path.GetDirectoryName(options.Database)!);
        Directory.CreateDirectory(options.Mails);
        return options;
    }
}
