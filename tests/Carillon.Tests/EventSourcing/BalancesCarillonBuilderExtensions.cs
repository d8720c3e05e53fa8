using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.EventSourcing;

internal static class BalancesCarillonBuilderExtensions
{
    internal static CarillonBuilder AddBalances(this CarillonBuilder carillon)
    {
        carillon.Services.AddSingleton<Bank>();
        return Balances.AddMethods(carillon).AddProjection<Balances>("balances");
    }
}
