using Mainstay.LocalStack.Services;

namespace Mainstay.LocalStack.Commands;

/// <summary>Stops everything that was started in the repository's run directory.</summary>
internal static class DownCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        arguments.RequireKnown("wipe");
        var directory = new RunDirectory(new LocalStackOptions().RunDirectory);
        using (StackLock.Take(directory, "Another command is starting or stopping this stack; wait for it to end."))
        {
            await new StackStop(directory, Console.WriteLine).RunAsync(arguments.Has("wipe"));
        }

        Console.WriteLine("Nothing is running.");
        return 0;
    }
}
