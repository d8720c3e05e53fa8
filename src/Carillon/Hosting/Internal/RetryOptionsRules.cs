using Carillon.Retries;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

internal sealed class RetryOptionsRules : IValidateOptions<RetryOptions>
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(3650);

    public ValidateOptionsResult Validate(string? name, RetryOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.MaxAttempts is < 1 or > RetryOptions.LargestMaxAttempts)
        {
            faults.AddError($"RetryOptions.MaxAttempts is {options.MaxAttempts}; it is from 1 to {RetryOptions.LargestMaxAttempts}.");
        }

        if (options.FirstDelay < TimeSpan.Zero || options.MaxDelay < options.FirstDelay || options.MaxDelay > LongestDelay)
        {
            faults.AddError($"RetryOptions.FirstDelay is {options.FirstDelay} and MaxDelay {options.MaxDelay}; neither is negative, the first is not longer than the longest, and the longest is at most ten years.");
        }

        if (options.Jitter is < 0 or > 1 or double.NaN)
        {
            faults.AddError($"RetryOptions.Jitter is {options.Jitter}; it is a share, from 0 to 1.");
        }

        if (options.Timeout <= TimeSpan.Zero)
        {
            faults.AddError($"RetryOptions.Timeout is {options.Timeout}; it is longer than zero. Leave it out for none.");
        }

        foreach (var (type, rule) in options.Exceptions)
        {
            Check($"the RetryRule of {type}", rule, faults);
        }

        foreach (var (id, rule) in options.Listeners)
        {
            Check($"the RetryRule of '{id}'", rule, faults);
        }

        return faults.Build();
    }

    private static void Check(string whose, RetryRule rule, ValidateOptionsResultBuilder faults)
    {
        if (rule.MaxAttempts is < 1 or > RetryOptions.LargestMaxAttempts)
        {
            faults.AddError($"MaxAttempts of {whose} is {rule.MaxAttempts}; it is from 1 to {RetryOptions.LargestMaxAttempts}.");
        }

        if (rule.FirstDelay < TimeSpan.Zero || rule.MaxDelay < rule.FirstDelay || rule.MaxDelay > LongestDelay || rule.FirstDelay > LongestDelay)
        {
            faults.AddError($"FirstDelay of {whose} is {rule.FirstDelay} and MaxDelay {rule.MaxDelay}; neither is negative, the first is not longer than the longest, and both are at most ten years.");
        }

        if (rule.Jitter is < 0 or > 1 or double.NaN)
        {
            faults.AddError($"Jitter of {whose} is {rule.Jitter}; it is a share, from 0 to 1.");
        }
    }
}
