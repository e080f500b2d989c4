// Every task that a person runs. ./build.sh and ./build.ps1 start it: ./build.sh <task>.
using System.Xml.Linq;

const string Solution = "Mainstay.slnx";

var target = Argument("target", "help");
var results = Directory("TestResults");

void Run(string command, ProcessArgumentBuilder arguments, string directory = ".")
{
    var code = StartProcess(command, new ProcessSettings { Arguments = arguments, WorkingDirectory = directory });
    if (code != 0)
    {
        throw new CakeException($"'{command} {arguments.RenderSafe()}' ended with {code}.");
    }
}

string Buf()
{
    if (!DirectoryExists("protos/node_modules"))
    {
        Run("npm", "ci --no-audit --no-fund --silent", "protos");
    }

    return MakeAbsolute(File("protos/node_modules/.bin/buf")).FullPath;
}

Task("help").Description("Lists the tasks.").Does(() =>
{
    foreach (var task in Tasks.OrderBy(task => task.Name))
    {
        Console.WriteLine($"  {task.Name,-8} {task.Description}");
    }
});

Task("build").Description("Builds everything.")
    .Does(() => Run("dotnet", $"build {Solution} --nologo --verbosity quiet"));

Task("setup").Description("Installs the Debian packages that tests and the local stack need (as root).")
    .Does(() =>
{
    var missing = new[] { ("python3-grpcio", "/usr/lib/python3/dist-packages/grpc") }
        .Where(package => !DirectoryExists(package.Item2))
        .Select(package => package.Item1)
        .ToList();
    if (missing.Count == 0)
    {
        return;
    }

    var packages = string.Join(' ', missing);
    if (Environment.UserName != "root")
    {
        throw new CakeException($"Missing packages. As root, run: apt-get install --yes {packages}");
    }

    Console.WriteLine($"Installing {packages} …");
    Run("apt-get", "update --quiet --quiet");
    Run("apt-get", $"install --yes --quiet --quiet --no-install-recommends {packages}");
});

Task("test").Description("Runs every test and closes with their count.")
    .IsDependentOn("setup")
    .IsDependentOn("build")
    .Does(() =>
{
    CleanDirectory(results);
    var failedToRun = new List<string>();
    foreach (var project in GetFiles("tests/*Tests/*.csproj").OrderBy(file => file.FullPath))
    {
        var name = project.GetFilenameWithoutExtension().ToString();
        var report = MakeAbsolute(results).CombineWithFilePath($"{name}.trx");
        var code = StartProcess("dotnet", new ProcessSettings
        {
            Arguments = $"{project.GetDirectory()}/bin/Debug/net10.0/{name}.dll -noLogo -noColor -trx {report}",
        });
        if (!FileExists(report) || code is not (0 or 1))
        {
            failedToRun.Add(name);
        }
    }

    var counters = GetFiles($"{results}/*.trx")
        .Select(file => XDocument.Load(file.FullPath).Descendants().Single(element => element.Name.LocalName == "Counters"))
        .ToList();
    int Sum(string counter) => counters.Sum(element => (int)element.Attribute(counter));
    var failed = Sum("failed") + Sum("error") + failedToRun.Count;
    Console.WriteLine($"Tests: {Sum("passed")} passed, {failed} failed");
    if (failed > 0 || Sum("passed") == 0)
    {
        throw new CakeException(failedToRun.Count > 0 ? $"Did not run to their end: {string.Join(", ", failedToRun)}." : "Not every test passed.");
    }
});

Task("lint").Description("Checks the format of the code and the contracts, and that contracts stay compatible.")
    .Does(() =>
{
    Run("dotnet", $"format whitespace {Solution} --verify-no-changes --no-restore");
    Run(Buf(), "lint", "protos");

    // The commit before is what the world knows of; a clone without history has nothing to compare with.
    if (StartProcess("git", "cat-file -e HEAD~1:protos/buf.yaml") == 0)
    {
        Run(Buf(), "breaking protos --against .git#ref=HEAD~1,subdir=protos");
    }
});

Task("clean").Description("Removes what building, testing and running left behind.")
    .Does(() =>
{
    foreach (var folder in GetDirectories("./{protos,services,standins,samples,tests}/**/{bin,obj}", new GlobberSettings { Predicate = directory => directory.Path.GetDirectoryName() != "node_modules" }))
    {
        DeleteDirectory(folder, new DeleteDirectorySettings { Recursive = true, Force = true });
    }

    CleanDirectory(results);
});

RunTarget(target);
