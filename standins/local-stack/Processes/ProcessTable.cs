using System.Diagnostics;
using System.Globalization;

namespace Mainstay.LocalStack.Processes;

/// <summary>Starts processes that outlive this one, and finds them again, and only them, by process id and start time.</summary>
internal sealed class ProcessTable(RunDirectory directory)
{
    // The shell notes its own /proc line and then becomes the program, so no program runs unnoted, whenever we are killed.
    private const string Launcher = """cat /proc/$$/stat > "$0.draft" && mv "$0.draft" "$0" && log="$1" && shift && exec "$@" >> "$log" 2>&1 < /dev/null""";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Starts a process in a session of its own, its output in its log.</summary>
    public async Task<ProcessStat> StartAsync(LaunchSpec spec, CancellationToken cancellationToken)
    {
        var record = PathOf(spec.Name);
        RunDirectory.Guarded(() =>
        {
            File.Delete(record);
            File.WriteAllText($"{record}.signal", spec.StopSignal.ToString(CultureInfo.InvariantCulture));
            File.AppendAllText(directory.Log(spec.Name), "");
        });

        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = spec.WorkingDirectory ?? directory.Root,
            RedirectStandardInput = true,
        };
        foreach (var argument in (string[])["sh", "-c", Launcher, record, directory.Log(spec.Name), .. spec.Command])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new LocalStackException($"{spec.Name} did not start.");
        await Poll.UntilAsync(() => File.Exists(record) || process.HasExited, TimeSpan.FromSeconds(10), cancellationToken);
        return Find(spec.Name) ?? throw new LocalStackException($"{spec.Name} ended as it started. {LastLines(spec.Name)}");
    }

    /// <summary>Finds a process that was started under this name and still runs.</summary>
    public ProcessStat? Find(string name) =>
        Recorded(name) is { } recorded && ProcessStat.Read(recorded.Id) is { IsRunning: true } current && current.StartTicks == recorded.StartTicks
            ? current
            : null;

    /// <summary>Names every process that was started and not stopped since, running or not.</summary>
    public IReadOnlyList<string> Names() =>
        !Directory.Exists(directory.Processes) ? [] : [.. Directory.EnumerateFiles(directory.Processes, "*.stat").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    /// <summary>Ends a process at once, as a crash would; its children live or die as they would after a crash.</summary>
    public async Task KillAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is { } running)
        {
            Signals.Send(running.Id, Signals.Kill);
            await Poll.UntilAsync(() => Find(name) is null, StopTimeout, cancellationToken);
        }
    }

    /// <summary>Asks a process to stop, waits, ends it by force when it does not, and leaves none of its children.</summary>
    public async Task StopAsync(string name)
    {
        if (Find(name) is { } running)
        {
            Signals.Send(running.Id, StopSignalOf(name));
            if (!await Poll.TryUntilAsync(() => Find(name) is null, StopTimeout, CancellationToken.None))
            {
                Signals.Send(running.Id, Signals.Kill);
                await Poll.UntilAsync(() => Find(name) is null, StopTimeout, CancellationToken.None);
            }
        }

        EndOrphans(name);
        File.Delete(PathOf(name));
        File.Delete($"{PathOf(name)}.signal");
    }

    /// <summary>Stops everything that was started, the last first as far as it can be told.</summary>
    public async Task StopAllAsync()
    {
        foreach (var name in StopOrder())
        {
            await StopAsync(name);
        }
    }

    /// <summary>The end of a process's log, as the reason that a message gives.</summary>
    public string LastLines(string name)
    {
        var log = directory.Log(name);
        var lines = File.Exists(log) ? File.ReadLines(log).TakeLast(8).ToArray() : [];
        return $"Its log is {log}; it ends:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", lines)}";
    }

    private IEnumerable<string> StopOrder() =>
        from name in Names()
        orderby Recorded(name)?.StartTicks descending
        select name;

    private void EndOrphans(string name)
    {
        // An id that another process has by now is no longer the id of our group.
        if (Recorded(name) is not { } leader || (ProcessStat.Read(leader.Id) is { } holder && holder.StartTicks != leader.StartTicks))
        {
            return;
        }

        if (ProcessStat.ReadAll().Any(stat => stat.GroupId == leader.Id && stat.StartTicks >= leader.StartTicks))
        {
            Signals.SendToGroup(leader.Id, Signals.Kill);
        }
    }

    private int StopSignalOf(string name) =>
        File.Exists($"{PathOf(name)}.signal") && int.TryParse(File.ReadAllText($"{PathOf(name)}.signal"), out var signal)
            ? signal
            : Signals.Terminate;

    private ProcessStat? Recorded(string name) =>
        File.Exists(PathOf(name)) ? ProcessStat.Parse(File.ReadAllText(PathOf(name))) : null;

    private string PathOf(string name) => Path.Combine(directory.Processes, $"{name}.stat");
}
