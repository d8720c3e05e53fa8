using System.Text;

namespace Carillon.Architecture.Tests.Approval;

/// <summary>What a person needs to see of two texts: the lines that differ, each run of them with the line before it.</summary>
internal static class LineDiff
{
    internal static string Between(string before, string after)
    {
        var (old, @new) = (before.Split('\n'), after.Split('\n'));
        var common = CommonLengths(old, @new);
        var text = new StringBuilder();
        var (i, j, differed) = (0, 0, false);
        while (i < old.Length || j < @new.Length)
        {
            if (i < old.Length && j < @new.Length && old[i] == @new[j])
            {
                (i, j, differed) = (i + 1, j + 1, false);
                continue;
            }

            if (!differed && i > 0)
            {
                text.Append("  ").Append(old[i - 1]).Append('\n');
            }

            differed = true;
            if (j == @new.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                text.Append("- ").Append(old[i++]).Append('\n');
            }
            else
            {
                text.Append("+ ").Append(@new[j++]).Append('\n');
            }
        }

        return text.ToString();
    }

    // common[i, j]: how many lines old[i..] and new[j..] have in common, in order.
    private static int[,] CommonLengths(string[] old, string[] @new)
    {
        var common = new int[old.Length + 1, @new.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = @new.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == @new[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
