namespace Carillon.Aot.Orders;

/// <summary>What has happened, as lines for whoever runs the program.</summary>
/// <param name="isSilent">Only counts the lines.</param>
public sealed class Story(bool isSilent = false)
{
    public int Lines { get; private set; }

    public void Tell(string line)
    {
        Lines++;
        if (!isSilent)
        {
            Console.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
