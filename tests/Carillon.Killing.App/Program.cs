using System.Globalization;
using Carillon.Killing.App.Database;
using Carillon.Killing.App.Proof;
using Carillon.Killing.App.Work;

// What the proof kills: it says each step of its work as a line. With `prove` it is the proof itself: the long one, of ./bench durable.
switch (args)
{
    case ["work", var store, var connection, var name, var seed]:
        var lines = new Lines(Console.Out);
        using (var shop = new Shop(ShopDatabase.Of(store, connection), name, int.Parse(seed, CultureInfo.InvariantCulture), lines))
        {
            await shop.RunAsync(Console.In);
        }

        return 0;
    case ["prove", .. var options]:
        return await LongProof.RunAsync(options);
    default:
        Console.Error.WriteLine("usage: work sqlite|postgres CONNECTION NAME SEED | prove [--kills NUMBER] [--seed NUMBER]");
        return 2;
}
