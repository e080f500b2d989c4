namespace Mainstay.LocalStack;

/// <summary>Knows where one local stack keeps what it needs between commands.</summary>
internal sealed class RunDirectory
{
    public RunDirectory(string path)
    {
        Root = Path.GetFullPath(path);
        Guarded(() =>
        {
            Directory.CreateDirectory(Root);
            Directory.CreateDirectory(Logs);
            Directory.CreateDirectory(Processes);
            Directory.CreateDirectory(Workspace);
            Directory.CreateDirectory(Auth, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        });
    }

    public string Root { get; }

    public string Logs => Path.Combine(Root, "logs");

    public string Processes => Path.Combine(Root, "processes");

    public string Auth => Path.Combine(Root, "auth");

    public string Workspace => Path.Combine(Root, "workspace");

    public string Endpoints => Path.Combine(Root, "endpoints.json");

    public string Log(string name) => Path.Combine(Logs, name + ".log");

    /// <summary>Writes a whole file or nothing, readable by its owner alone.</summary>
    public static void WriteSecret(string path, string content) => Guarded(() =>
    {
        var draft = $"{path}.{Environment.ProcessId}.draft";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(draft, options))
        {
            writer.Write(content);
        }

        File.Move(draft, path, overwrite: true);
    });

    /// <summary>Turns what the file system refuses into one clear sentence.</summary>
    public static void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalStackException($"The local stack cannot write its files: {e.Message} Free some space or change the permissions, then run the command again.", e);
        }
    }
}
