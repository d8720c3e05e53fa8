using Carillon.Dispatch;

namespace Carillon;

/// <summary>What an application says of dispatches as such.</summary>
public static class DispatchCarillonBuilderExtensions
{
    /// <summary>Changes how deep chains of events may be.</summary>
    public static CarillonBuilder ConfigureDispatch(this CarillonBuilder carillon, Action<DispatchOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(configure);
        configure(carillon.Setup.DispatchOptions ??= new DispatchOptions());
        return carillon;
    }
}
