using Carillon.Transports;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

internal sealed class TransportOptionsRules : IValidateOptions<TransportOptions>
{
    private const int MaxSourceLength = 200;
    private static readonly TimeSpan LongestDrain = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, TransportOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.Source is { } source && (source.Length is 0 or > MaxSourceLength || !Uri.IsWellFormedUriString(source, UriKind.RelativeOrAbsolute)))
        {
            faults.AddError($"TransportOptions.Source is '{source}'; it is a URI or a part of one, '/shop/orders', of 1 to {MaxSourceLength} characters.");
        }

        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > LongestDrain)
        {
            faults.AddError($"TransportOptions.DrainTimeout is {options.DrainTimeout}; it is from zero to {LongestDrain}.");
        }

        return faults.Build();
    }
}
