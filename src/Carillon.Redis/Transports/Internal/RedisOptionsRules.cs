namespace Carillon.Redis.Transports.Internal;

/// <summary>What the options may say.</summary>
internal static class RedisOptionsRules
{
    private const int MaxPrefix = 100;

    /// <exception cref="CarillonConfigurationException">A value cannot be.</exception>
    internal static void Check(RedisOptions options)
    {
        if (options.Prefix.Length is 0 or > MaxPrefix || !options.Prefix.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))
        {
            throw new CarillonConfigurationException($"RedisOptions.Prefix is '{options.Prefix}'; it takes 1 to {MaxPrefix} letters, digits, dots, hyphens and underscores.");
        }

        if (options.MaxWaiting < 0)
        {
            throw new CarillonConfigurationException($"RedisOptions.MaxWaiting is {options.MaxWaiting}; it is 0, for any number, or more.");
        }

        Check(options.ReceiverLease, "ReceiverLease", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Check(options.ConnectTimeout, "ConnectTimeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Check(options.CommandTimeout, "CommandTimeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    }

    private static void Check(TimeSpan value, string name, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            throw new CarillonConfigurationException($"RedisOptions.{name} is {value}; it may be {least} to {most}.");
        }
    }
}
