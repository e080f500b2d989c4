using System.Globalization;

namespace Mainstay.LocalStack.Processes;

/// <summary>What Linux knows of one process: its id, its group, and when it started, which tells it from a later one of the same id.</summary>
internal sealed record ProcessStat(int Id, char State, int GroupId, ulong StartTicks)
{
    public bool IsRunning => State is not ('Z' or 'X');

    /// <summary>Parses the line of <c>/proc/[pid]/stat</c>.</summary>
    public static ProcessStat? Parse(string line)
    {
        // The command stands in parentheses and may itself hold blanks and parentheses.
        var end = line.LastIndexOf(')');
        var fields = end < 0 ? [] : line[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && int.TryParse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture, out var id)
            ? new(id, fields[0][0], int.Parse(fields[2], CultureInfo.InvariantCulture), ulong.Parse(fields[19], CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Reads a process, or null when there is none of that id.</summary>
    public static ProcessStat? Read(int id)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads every process of the machine.</summary>
    public static IEnumerable<ProcessStat> ReadAll() =>
        from directory in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(directory), out _)
        let stat = Read(int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture))
        where stat is not null
        select stat;
}
