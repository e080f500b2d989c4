namespace Mainstay.LocalStack.Dependencies;

/// <summary>Runs a command as another user when we are root; as ourselves otherwise.</summary>
internal static class UserSwitch
{
    /// <summary>The words before the command; the command keeps the process id.</summary>
    public static string[] To(string user) =>
        Environment.UserName == "root" ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", "--"] : [];
}
