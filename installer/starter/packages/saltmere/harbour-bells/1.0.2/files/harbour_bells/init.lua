-- A bell. A click rings it; with the mod "tides" it also rings at high water.

harbour_bells = { heard_within = 64 }

--- Rings a bell at `pos` and tells everybody who is near.
function harbour_bells.ring(pos, strokes)
	local sound = string.rep("dong", math.max(1, math.min(strokes, 12)), " ")
	for _, player in ipairs(minetest.get_connected_players()) do
		if vector.distance(player:get_pos(), pos) <= harbour_bells.heard_within then
			minetest.chat_send_player(player:get_player_name(), "A bell: " .. sound)
		end
	end
	minetest.add_particlespawner({
		amount = 6 * strokes,
		time = strokes * 0.5,
		minpos = vector.subtract(pos, 0.4),
		maxpos = vector.add(pos, 0.4),
		minvel = { x = -0.5, y = 0.5, z = -0.5 },
		maxvel = { x = 0.5, y = 1.2, z = 0.5 },
		minexptime = 0.6,
		maxexptime = 1.4,
		minsize = 1,
		maxsize = 2,
		texture = "harbour_bells_note.png",
	})
end

minetest.register_node("harbour_bells:bell", {
	description = "Harbour Bell",
	drawtype = "nodebox",
	node_box = {
		type = "fixed",
		fixed = {
			{ -0.375, -0.5, -0.375, 0.375, -0.375, 0.375 },
			{ -0.3125, -0.375, -0.3125, 0.3125, 0.1875, 0.3125 },
			{ -0.1875, 0.1875, -0.1875, 0.1875, 0.375, 0.1875 },
			{ -0.0625, 0.375, -0.0625, 0.0625, 0.5, 0.0625 },
		},
	},
	tiles = { "harbour_bells_bell.png" },
	paramtype = "light",
	groups = { cracky = 2, bell = 1 },
	sounds = default.node_sound_metal_defaults(),
	on_rightclick = function(pos)
		harbour_bells.ring(pos, 1)
	end,
})

minetest.register_craft({
	output = "harbour_bells:bell",
	recipe = {
		{ "", "default:stick", "" },
		{ "default:bronze_ingot", "default:bronze_ingot", "default:bronze_ingot" },
		{ "default:bronze_ingot", "default:steel_ingot", "default:bronze_ingot" },
	},
})

if minetest.get_modpath("tides") then
	tides.on_high_water(function()
		for _, player in ipairs(minetest.get_connected_players()) do
			local bell = minetest.find_node_near(player:get_pos(), 24, "harbour_bells:bell")
			if bell then
				harbour_bells.ring(bell, 2)
			end
		end
	end)
	minetest.log("action", "[harbour_bells] rings at high water")
else
	minetest.log("action", "[harbour_bells] rings by hand")
end
