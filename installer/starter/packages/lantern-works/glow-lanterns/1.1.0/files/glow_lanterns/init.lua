-- Paper lanterns in four colours, and a picture of the festival they were made for.

local COLOURS = {
	{ "amber", "Amber Lantern", "dye:orange", 13 },
	{ "rose", "Rose Lantern", "dye:pink", 11 },
	{ "jade", "Jade Lantern", "dye:green", 11 },
	{ "moon", "Moon Lantern", "dye:white", 14 },
}

for _, colour in ipairs(COLOURS) do
	local id, title, dye, light = unpack(colour)
	lamplib.register_lamp("glow_lanterns:" .. id, {
		description = title,
		texture = "glow_lanterns_" .. id .. ".png",
		light = light,
		recipe = {
			{ "", "default:stick", "" },
			{ "default:paper", dye, "default:paper" },
			{ "", "default:torch", "" },
		},
	})
end

minetest.register_chatcommand("lanterns", {
	description = "Shows the lantern festival",
	func = function(name)
		minetest.show_formspec(name, "glow_lanterns:festival", table.concat({
			"formspec_version[4]",
			"size[13,9]",
			"image[0.5,0.5;12,7;glow_lanterns_festival.png]",
			"button_exit[5,7.8;3,0.8;close;Close]",
		}))
		return true, "The festival begins at dusk."
	end,
})

minetest.log("action", "[glow_lanterns] " .. #COLOURS .. " lanterns lit")
