using System.Formats.Tar;
using System.IO.Compression;
using Google.Protobuf;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Archives;

/// <summary>Returns a version as an archive of its folder; the same version is always the same bytes.</summary>
internal sealed class ExportSkill(GetSkill getSkill)
{
    // The earliest time that zip can hold.
    private static readonly DateTimeOffset FileTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<ExportSkillResponse> ExecuteAsync(ExportSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(request.Format))
        {
            throw SkillErrors.FieldInvalid(("format", "must be zip or tar"));
        }

        var skill = await getSkill.ExecuteAsync(request.SkillName, request.Version, caller, cancellationToken);
        var isTar = request.Format == ArchiveFormat.Tar;
        return new ExportSkillResponse
        {
            Archive = ByteString.CopyFrom(isTar ? Tar(skill) : Zip(skill)),
            FileName = $"{skill.SkillName}-{skill.Version}.{(isTar ? "tar" : "zip")}",
        };
    }

    private static byte[] Zip(Skill skill)
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in FolderFiles.Of(skill))
            {
                var entry = zip.CreateEntry($"{skill.SkillName}/{path}");
                entry.LastWriteTime = FileTime;
                using var file = entry.Open();
                file.Write(content);
            }
        }

        return archive.ToArray();
    }

    private static byte[] Tar(Skill skill)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (path, content) in FolderFiles.Of(skill))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{skill.SkillName}/{path}")
                {
                    DataStream = new MemoryStream(content),
                    ModificationTime = FileTime,
                });
            }
        }

        return archive.ToArray();
    }
}
